// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/signing_service.hpp"

#include "actors/base/threads.hpp"
#include "actors/signing/record_intake.hpp"
#include "actors/systems/service_clock.hpp"
#include "actors/systems/signing_host.hpp"
#include "actors/systems/signing_opening.hpp"
#include "actors/systems/signing_system.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <fmt/format.h>

#include <atomic>
#include <exception>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace chancery::actors {

namespace {

using steady = std::chrono::steady_clock;

/// A fence counts the leases of an epoch with 32 bits.
constexpr std::uint64_t leases_per_epoch = std::uint64_t{1} << 31;

constexpr milliseconds intake_close_max{5'000};

/// How often a service without a certificate looks for one.
constexpr std::chrono::seconds certificate_interval{10};

/// Replies exactly once: with what it is given, or when nobody has it any more.
class reply_once {
 public:
  explicit reply_once(record_reply reply) : reply_(std::move(reply)) {}
  reply_once(const reply_once&) = delete;
  reply_once& operator=(const reply_once&) = delete;
  ~reply_once() {
    if (replied_)
      return;
    reply_(refused_answer(record_refusal::stopping, "the service has stopped"));
  }

  void operator()(record_answer answer) {
    if (!replied_.exchange(true))
      reply_(std::move(answer));
  }

 private:
  record_reply reply_;
  std::atomic<bool> replied_{false};
};

signing_service_options checked(signing_service_options options) {
  if (options.max_wait_ms > max_wait_ms_max)
    throw std::invalid_argument(fmt::format(
        "a record must not wait longer than {} ms", max_wait_ms_max));
  return options;
}

} // namespace

struct signing_service::state {
  state(storage::record_store& s, const signing_service_options& o,
        signing_progress& p);
  ~state();

  using start_callback = std::function<void()>;

  void run(std::promise<void>& started);
  void run_epoch(const start_callback& started);
  void run_epoch(const opened_signing& opened, const start_callback& started);
  void wait_for_certificate(const std::string& why);
  void read_keys();
  bool epoch_is_over(steady::time_point end, std::uint64_t leases) const;
  void fail(const std::string& why);

  storage::record_store& store;
  signing_service_options options;
  signing_progress& progress;
  std::optional<crypto::keyring> keys;
  signing_host host;
  record_intake_actor intake;
  std::atomic<std::uint32_t> epoch{0};
  std::atomic<std::uint16_t> port{0};
  std::atomic<std::uint64_t> ends_ms{0}; ///< of the epoch; 0: none
  std::atomic<bool> lacks_certificate{false};
  std::atomic<bool> rolling{false};
  std::atomic<bool> stopping{false};
  mutable std::mutex mutex;
  std::string failure; ///< guarded by mutex
  std::thread thread;
};

namespace {

// The service's own terms, beside the caller's options.
signing_service_options with_terms(signing_service_options options,
                                   storage::record_store& store) {
  options.signing.service =
      service_terms{options.max_wait_ms, service_clock(store),
                    [&store, reserve = options.disk_reserve / 2] {
                      return store.room() >= reserve;
                    }};
  return options;
}

record_writer_config writing_of(const signing_service_options& options,
                                storage::record_store& store,
                                signing_progress& progress) {
  record_writer_config writing;
  writing.store = &store;
  writing.progress = &progress;
  writing.wall_clock_ms = options.signing.service->clock_ms;
  writing.marks_kept = options.marks_kept;
  writing.signed_now = options.signed_now;
  return writing;
}

} // namespace

signing_service::state::state(storage::record_store& s,
                              const signing_service_options& o,
                              signing_progress& p)
    : store(s), options(with_terms(checked(o), s)), progress(p),
      host(options.signing, writing_of(options, s, p)) {
  const auto view = store.read();
  progress.records = view.record_count();
  progress.signed_before = view.signature_count();
  intake = host.system().spawn(
      record_intake,
      record_intake_config{[&s] { return s.room(); }, options.disk_reserve},
      host.writer());
  std::promise<void> started;
  auto start = started.get_future();
  try {
    thread = start_thread([this, &started] { run(started); });
    start.get();
  } catch (...) {
    if (thread.joinable())
      thread.join();
    caf::anon_send_exit(intake, caf::exit_reason::user_shutdown);
    throw;
  }
}

signing_service::state::~state() {
  stopping = true;
  if (thread.joinable())
    thread.join();
  {
    caf::scoped_actor self{host.system()};
    self->request(intake, intake_close_max, close_atom_v)
        .receive([](std::uint64_t) {}, [](const caf::error&) {});
  }
  caf::anon_send_exit(intake, caf::exit_reason::user_shutdown);
}

void signing_service::state::run(std::promise<void>& started) {
  bool begun = false; // `started` is gone once it has its value
  try {
    do
      run_epoch([&] {
        if (!std::exchange(begun, true))
          started.set_value();
      });
    while (!stopping);
  } catch (...) {
    if (begun)
      fail(caught_sentence());
    else
      started.set_exception(std::current_exception());
  }
}

void signing_service::state::run_epoch(const start_callback& started) {
  rolling = false;
  read_keys();
  check_signing(options.signing, keys->curve());
  std::optional<opened_signing> opened;
  try {
    opened.emplace(open_signing(store, *keys, options.signing));
  } catch (const no_certificate& e) {
    started();
    wait_for_certificate(e.what());
    return;
  }
  run_epoch(*opened, started);
}

void signing_service::state::run_epoch(const opened_signing& opened,
                                       const start_callback& started) {
  progress.lending_from = steady::now() + opened.epoch.quarantine;
  const auto end = steady::now() + options.epoch_time;
  const auto leases = progress.leases.load();
  const auto view = store.read();
  signing_system system(host, store, *keys, options.signing, opened, progress,
                        view.record_count() - view.signature_count());
  caf::anon_send(intake, look_atom_v, system.dispatcher());
  port = system.port();
  if (options.signing.cluster) // a worker finds the next epoch at this port
    options.signing.cluster->port = port;
  lacks_certificate = false;
  ends_ms = opened.ends_ms.value_or(0);
  epoch = opened.epoch.entry.epoch;
  started();
  system.wait([&] { return epoch_is_over(end, leases); });
  system.finish();
}

// Looks for a certificate that has begun, or that came without a roll.
void signing_service::state::wait_for_certificate(const std::string& why) {
  if (!lacks_certificate.exchange(true) && options.signing.seals.note)
    options.signing.seals.note(why);
  const auto pause = std::chrono::milliseconds(50);
  auto next = steady::now() + certificate_interval;
  std::vector<storage::key_name> active;
  for (const auto& key : crypto::record_keys(*keys))
    active.push_back(key.id());
  while (!stopping && !rolling) {
    std::this_thread::sleep_for(pause);
    if (steady::now() < next)
      continue;
    next = steady::now() + certificate_interval;
    if (!find_sealing_keys(store.read(), active,
                           options.signing.service->clock_ms(),
                           options.signing.seals.margin)
             .ids.empty())
      break;
  }
}

void signing_service::state::read_keys() {
  if (!keys) {
    keys.emplace(options.keys());
    return;
  }
  try {
    auto read = options.keys();
    if (read.curve() != keys->curve())
      throw std::runtime_error("the keyring has another curve now");
    if (read.purpose() != keys->purpose())
      throw std::runtime_error("the keyring has another purpose now");
    if (crypto::record_keys(read).empty())
      throw std::runtime_error("the keyring has no active key any more");
    keys.emplace(std::move(read));
  } catch (const std::exception& e) {
    if (options.note)
      options.note(
          fmt::format("{}; the keys of the last epoch stay", e.what()));
  }
}

bool signing_service::state::epoch_is_over(steady::time_point end,
                                           std::uint64_t leases) const {
  return stopping || rolling || steady::now() >= end ||
         (ends_ms != 0 && options.signing.service->clock_ms() >= ends_ms) ||
         progress.leases - leases >= leases_per_epoch;
}

void signing_service::state::fail(const std::string& why) {
  const std::scoped_lock lock(mutex);
  failure = why;
}

signing_service::signing_service(storage::record_store& store,
                                 const signing_service_options& options,
                                 signing_progress& progress)
    : state_(std::make_unique<state>(store, options, progress)) {}

signing_service::~signing_service() = default;

void signing_service::submit(record_request request, record_reply reply) {
  const auto once = std::make_shared<reply_once>(std::move(reply));
  caf::anon_send(
      state_->intake, take_in_atom_v,
      record_submission{
          std::make_shared<const record_request>(std::move(request)),
          [once](record_answer answer) { (*once)(std::move(answer)); }});
}

void signing_service::roll() { state_->rolling = true; }

std::uint32_t signing_service::epoch() const noexcept { return state_->epoch; }

std::uint16_t signing_service::port() const noexcept { return state_->port; }

bool signing_service::lacks_certificate() const noexcept {
  return state_->lacks_certificate;
}

std::uint64_t signing_service::ends_ms() const noexcept {
  return state_->ends_ms;
}

std::string signing_service::failure() const {
  if (auto why = state_->host.failure(); !why.empty())
    return why;
  const std::scoped_lock lock(state_->mutex);
  return state_->failure;
}

} // namespace chancery::actors
