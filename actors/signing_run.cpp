// SPDX-License-Identifier: Apache-2.0
#include "actors/signing_run.hpp"

#include "actors/dispatcher.hpp"
#include "actors/epoch.hpp"
#include "actors/keyring.hpp"
#include "actors/record_writer.hpp"
#include "actors/signer.hpp"
#include "actors/wall_clock.hpp"
#include "crypto/random.hpp"
#include "crypto/vault.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <sys/resource.h>
#include <time.h>
#include <utility>

namespace chancery::actors {

namespace {

using steady = std::chrono::steady_clock;

/// Records that a unit should have: enough that messages cost little.
constexpr std::uint64_t unit_records_wanted = 768;

/// Units that a signer keeps outstanding, so that it never waits.
constexpr std::uint32_t units_outstanding = 2;

/// With fewer batches than this for each signer, one outstanding unit is
/// better: nobody then holds a batch back that another core could sign.
constexpr std::uint64_t batches_worth_queueing = 16;

/// Signers that may die and be replaced in one run, for each signer.
constexpr std::size_t deaths_per_signer_max = 3;

// Also counts the time that the machine was suspended.
milliseconds boot_clock() {
  timespec t{};
  clock_gettime(CLOCK_BOOTTIME, &t);
  return std::chrono::seconds{t.tv_sec} + milliseconds{t.tv_nsec / 1'000'000};
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::vector<storage::key_name> active_keys(const crypto::keyring& keys) {
  std::vector<storage::key_name> active;
  for (const auto& key : crypto::record_keys(keys))
    active.push_back(key.id());
  return active;
}

struct system_config : caf::actor_system_config {
  system_config() {
    add_message_types<caf::id_block::chancery>();
    // Keyring and dispatcher are the only scheduled actors, and they have work
    // now and then: workers that wait on a condition cost nothing meanwhile,
    // where work stealing would poll and take a third of the signers' time.
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::size_t{2});
    set("scheduler.max-throughput", std::size_t{16});
  }
};

// The actors of one epoch and the thread that waits for them.
class run {
 public:
  run(storage::record_store& store, const crypto::keyring& keys,
      const signing_options& options, const opened_epoch& epoch,
      signing_progress& progress, std::uint64_t unsigned_records);

  /// Returns when all signers have ended; throws signing_failed.
  void wait(const std::atomic<bool>& stop);
  void finish();
  std::uint64_t signers_lost() const noexcept { return signers_lost_; }

 private:
  void spawn_signer();
  void ended(const caf::down_msg& down);

  // The vault outlives the actor system, whose end waits for the signers.
  signing_options options_;
  crypto::vault vault_;
  system_config config_;
  caf::actor_system system_{config_};
  caf::scoped_actor self_{system_};
  signer_config signer_;
  record_writer_actor writer_;
  dispatcher_actor dispatcher_;
  keyring_actor keyring_;
  std::set<caf::actor_addr> signers_;
  std::uint64_t signers_lost_ = 0;
  std::optional<std::string> failure_;
};

crypto::vault::options vault_options(const storage::record_store& store,
                                     const signing_options& options,
                                     const opened_epoch& epoch) {
  crypto::vault::options v;
  v.provider = options.provider;
  v.folder = store.info().folder_id;
  v.epoch = epoch.entry.id;
  v.instance = crypto::make_random_id(crypto::system_random());
  v.now = boot_clock;
  return v;
}

run::run(storage::record_store& store, const crypto::keyring& keys,
         const signing_options& options, const opened_epoch& epoch,
         signing_progress& progress, std::uint64_t unsigned_records)
    : options_(options), vault_(keys, vault_options(store, options, epoch),
                                crypto::system_random()) {
  signer_.vault = &vault_;
  signer_.units_outstanding =
      unsigned_records / options.batch_size / options.signers <
              batches_worth_queueing
          ? 1
          : units_outstanding;
  signer_.leases_per_unit =
      leases_per_unit(options, epoch.entry.key_order.size(), unsigned_records);

  writer_ = system_.spawn<caf::detached>(
      record_writer, record_writer_config{&store, &progress});
  dispatcher_config work;
  work.store = &store;
  work.curve = keys.curve();
  work.batch_size = options.batch_size;
  work.wall_clock_ms = wall_clock_ms;
  work.progress = &progress;
  dispatcher_ = system_.spawn(dispatcher, work, writer_);

  keyring_config lending;
  lending.epoch = epoch.entry;
  lending.authority = std::make_shared<crypto::lease_authority>(
      keys.lease_secret(), store.info().folder_id, epoch.entry.id);
  lending.quarantine = epoch.quarantine;
  lending.wall_clock_ms = wall_clock_ms;
  lending.progress = &progress;
  keyring_ = system_.spawn(keyring, lending, writer_, dispatcher_);

  self_->monitor(writer_);
  self_->monitor(dispatcher_);
  self_->monitor(keyring_);
  for (std::size_t i = 0; i < options.signers; ++i)
    spawn_signer();
}

void run::spawn_signer() {
  const auto s =
      system_.spawn<caf::detached>(signer, signer_, keyring_, dispatcher_);
  self_->monitor(s);
  signers_.insert(s.address());
  self_->send(s, start_atom_v);
}

void run::wait(const std::atomic<bool>& stop) {
  bool draining = false;
  while (!signers_.empty() && !failure_) {
    if (stop && !std::exchange(draining, true))
      self_->send(dispatcher_, drain_atom_v);
    self_->receive([this](const caf::down_msg& down) { ended(down); },
                   caf::after(std::chrono::milliseconds(50)) >> [] {});
  }
}

// A signer that ends for a reason of its own is replaced, a few times; any
// other actor's end is the end of the run.
void run::ended(const caf::down_msg& down) {
  const bool was_signer = signers_.erase(down.source) > 0;
  if (was_signer && !down.reason)
    return;
  const auto why = sentence(down.reason);
  const bool hopeless =
      !was_signer || down.reason == fault::commit_failed ||
      down.reason == fault::stuck ||
      ++signers_lost_ > deaths_per_signer_max * options_.signers;
  if (hopeless) {
    if (!failure_ || down.source == writer_)
      failure_ = why;
  } else {
    spawn_signer();
  }
}

void run::finish() {
  if (!failure_) {
    const auto note = [this](caf::error& e) { failure_ = sentence(e); };
    self_->request(dispatcher_, caf::infinite, finish_atom_v)
        .receive([](std::uint64_t) {}, note);
    if (!failure_)
      self_->request(keyring_, caf::infinite, close_atom_v)
          .receive([](std::uint64_t) {}, note);
  }
  for (const auto& s : signers_)
    caf::anon_send_exit(s, caf::exit_reason::kill);
  caf::anon_send_exit(keyring_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(dispatcher_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(writer_, caf::exit_reason::user_shutdown);
  if (failure_)
    throw signing_failed(*failure_);
}

void check(const signing_options& options) {
  if (options.batch_size == 0 || options.batch_size > batch_size_max)
    throw std::invalid_argument(
        fmt::format("the batch size is 1 to {}", batch_size_max));
  if (options.signers == 0 || options.signers > signers_max)
    throw std::invalid_argument(
        fmt::format("the number of signers is 1 to {}", signers_max));
}

std::uint64_t count_unsigned(const storage::record_store& store,
                             signing_progress& progress) {
  const auto view = store.read();
  progress.records = view.record_count();
  progress.signed_before = view.signature_count();
  return progress.records - progress.signed_before;
}

} // namespace

std::uint32_t leases_per_unit(const signing_options& options, std::size_t keys,
                              std::uint64_t unsigned_records) {
  const std::uint64_t batch = options.batch_size;
  const auto wanted = (unit_records_wanted + batch - 1) / batch;
  const auto by_keys = keys / (options.signers * units_outstanding);
  const auto by_tail = unsigned_records / (8 * options.signers * batch);
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(
      1, std::min<std::uint64_t>({wanted, by_keys, by_tail})));
}

signing_summary run_signing(storage::record_store& store,
                            const crypto::keyring& keys,
                            const signing_options& options,
                            const std::atomic<bool>& stop,
                            signing_progress& progress) {
  check(options);
  signing_summary summary;
  const auto unsigned_records = count_unsigned(store, progress);
  if (unsigned_records == 0)
    return summary;

  epoch_options opening;
  opening.batch_size = options.batch_size;
  opening.provider = static_cast<std::uint8_t>(options.provider);
  opening.id = crypto::make_random_id(crypto::system_random());
  opening.time_ms = wall_clock_ms();
  const auto epoch = open_epoch(store, active_keys(keys), opening);

  const auto started = steady::now();
  const auto cpu_before = cpu_seconds();
  {
    run r(store, keys, options, epoch, progress, unsigned_records);
    r.wait(stop);
    r.finish();
    summary.signers_lost = r.signers_lost();
  }
  summary.seconds =
      std::chrono::duration<double>(steady::now() - started).count();
  summary.cpu_seconds = cpu_seconds() - cpu_before;
  summary.epoch = epoch.entry.epoch;
  summary.stored = progress.stored;
  summary.left = unsigned_records - summary.stored;
  summary.batches = progress.batches;
  summary.commits = progress.commits;
  summary.conflicts = progress.conflicts;
  summary.late_results = progress.late_results;
  summary.stopped = stop && summary.left > 0;
  return summary;
}

} // namespace chancery::actors
