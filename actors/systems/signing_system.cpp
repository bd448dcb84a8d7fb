// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/signing_system.hpp"

#include "actors/base/boot_clock.hpp"
#include "actors/base/detached.hpp"
#include "actors/base/threads.hpp"
#include "actors/base/wall_clock.hpp"
#include "actors/signing/dispatcher.hpp"
#include "actors/signing/keyring.hpp"
#include "actors/signing/record_reader.hpp"
#include "actors/signing/unit_size.hpp"
#include "actors/signing/unit_verifier.hpp"
#include "crypto/base/random.hpp"
#include "crypto/keyring/keyring_bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <memory>
#include <thread>
#include <utility>

namespace chancery::actors {

namespace {

using steady = std::chrono::steady_clock;

/// Signers that may die and be replaced in one run, per signer.
constexpr std::size_t deaths_per_signer_max = 3;

constexpr milliseconds poll_interval{50};
constexpr milliseconds late_note_interval{10'000};

/// How long a coordinator waits at its end until connected workers have given
/// their keys back and received the news that all is signed.
constexpr milliseconds goodbye_max{5'000};

crypto::vault::options vault_options(const storage::record_store& store,
                                     const signing_options& options,
                                     const opened_epoch& epoch) {
  crypto::vault::options v;
  v.provider = options.provider;
  v.paranoid = options.paranoid;
  v.folder = store.info().folder_id;
  v.epoch = epoch.entry.id;
  v.instance = crypto::make_random_id(crypto::system_random());
  v.now = boot_clock;
  return v;
}

/// A service does not know what will come.
std::uint64_t expected_records(const signing_options& options,
                               std::uint64_t unsigned_records) {
  return options.service ? std::numeric_limits<std::uint32_t>::max()
                         : unsigned_records;
}

std::function<std::uint64_t()> clock_of(const signing_options& options) {
  return options.service ? options.service->clock_ms : wall_clock_ms;
}

} // namespace

signing_system::signing_system(signing_host& host, storage::record_store& store,
                               const crypto::keyring& keys,
                               const signing_options& options,
                               const opened_signing& opened,
                               signing_progress& progress,
                               std::uint64_t unsigned_records)
    : options_(options), progress_(progress),
      vault_(keys, vault_options(store, options, opened.epoch),
             crypto::system_random()),
      host_(host) {
  const auto expected = expected_records(options, unsigned_records);
  try {
    spawn_actors(store, keys, opened, expected);
    if (options_.cluster)
      listen(store, keys, opened.epoch, expected);
    for (std::size_t i = 0; i < options_.signers; ++i)
      spawn_signer();
  } catch (...) {
    stop();
    throw;
  }
}

void signing_system::spawn_actors(storage::record_store& store,
                                  const crypto::keyring& keys,
                                  const opened_signing& opened,
                                  std::uint64_t unsigned_records) {
  const auto& epoch = opened.epoch;
  const auto& writer = host_.writer();
  if (keys.purpose() == crypto::keyring_purpose::seal)
    signer_.seals = std::make_shared<seal_formats>(keys.curve(), epoch.event);
  dispatcher_config work;
  work.store = &store;
  work.batch_size = options_.batch_size;
  work.wall_clock_ms = clock_of(options_);
  work.progress = &progress_;
  work.begins_ms = epoch.entry.time_ms;
  work.ends_ms = opened.ends_ms;
  if (signer_.seals)
    work.format = storage::signature_format::jades;
  if (options_.service) {
    work.service = {options_.service->max_wait_ms, epoch.entry.records};
    work.has_room = options_.service->has_room;
  }
  if (options_.cluster) {
    spawn_verifiers(keys);
    work.verifiers = verifiers_;
    work.verify_share = options_.cluster->verify_share;
    work.defended = options_.cluster->defended;
    reader_ = spawn_detached(system_, record_reader, &store, keys.curve(),
                             signer_.seals);
    self_->monitor(reader_);
  }
  dispatcher_ = system_.spawn(actors::dispatcher, work, writer);

  keyring_config lending;
  lending.epoch = epoch.entry;
  lending.authority = std::make_shared<crypto::lease_authority>(
      keys.lease_secret(), store.info().folder_id, epoch.entry.id);
  lending.purpose = keys.purpose();
  lending.quarantine = epoch.quarantine;
  lending.wall_clock_ms = clock_of(options_);
  lending.progress = &progress_;
  keyring_ = system_.spawn(keyring, lending, writer, dispatcher_);

  for (const auto& v : verifiers_)
    self_->monitor(v);
  self_->monitor(writer);
  self_->monitor(dispatcher_);
  self_->monitor(keyring_);
  if (options_.signers == 0)
    return;
  signer_.vault = &vault_;
  signer_.store = &store;
  const auto plan = local_units({.signers = options_.signers,
                                 .batch_size = options_.batch_size,
                                 .keys = epoch.entry.key_order.size(),
                                 .unsigned_records = unsigned_records});
  signer_.units_outstanding = plan.outstanding;
  signer_.leases_per_unit = plan.leases;
  signer_.asks_first = options_.service.has_value();
}

void signing_system::listen(const storage::record_store& store,
                            const crypto::keyring& keys,
                            const opened_epoch& epoch,
                            std::uint64_t unsigned_records) {
  const auto& cluster = *options_.cluster;
  gateway_config gateways;
  gateways.greeting =
      greeting_for(cluster, options_.batch_size, epoch.entry.key_order.size(),
                   unsigned_records);
  gateways.greeting.instance =
      bytes_of_id(crypto::make_random_id(crypto::system_random()));
  gateways.greeting.epoch = epoch.entry.epoch;
  gateways.greeting.epoch_id = bytes_of_id(epoch.entry.id);
  gateways.greeting.folder = bytes_of_id(store.info().folder_id);
  gateways.fingerprint = bytes_of_id(crypto::worker_fingerprint(keys));
  gateways.signature_size = store.info().signature_size;
  gateways.table = &progress_.workers;
  gateways.progress = &progress_;
  gateways.batch_size = options_.batch_size;
  gateways.service = options_.service.has_value();
  gateways.reader = reader_;
  gateways.prover.emplace(keys.lease_secret());
  listener_.emplace(system_, listen_for_workers(system_, cluster, gateways,
                                                keyring_, dispatcher_));
  if (cluster.listening)
    cluster.listening(listener_->port());
}

void signing_system::spawn_verifiers(const crypto::keyring& keys) {
  auto halves =
      std::make_shared<std::map<storage::key_name, crypto::public_key>>();
  for (const auto& key : crypto::record_keys(keys))
    halves->emplace(key.id(), key.public_half());
  while (verifiers_.size() < unit_verifiers(options_))
    verifiers_.push_back(spawn_detached(
        system_, unit_verifier, unit_verifier_config{keys.curve(), halves}));
}

void signing_system::spawn_signer() {
  const auto s =
      spawn_detached(system_, signer, signer_, keyring_, dispatcher_);
  self_->monitor(s);
  signers_.insert(s.address());
  self_->send(s, start_atom_v);
}

std::uint16_t signing_system::port() const {
  return listener_ ? listener_->port() : std::uint16_t{0};
}

void signing_system::wait(const std::function<bool()>& stop) {
  bool draining = false;
  const auto waiting = [this] {
    return listener_ ? !over() : !signers_.empty();
  };
  while (!failure_ && waiting()) {
    if (!draining && stop()) {
      draining = true;
      self_->send(dispatcher_, drain_atom_v);
      self_->send(keyring_, drain_atom_v);
    }
    self_->receive([this](const caf::down_msg& down) { ended(down); },
                   caf::after(poll_interval) >> [] {});
    if (auto why = host_.failure(); !why.empty())
      failure_ = std::move(why);
    note_late_results();
    note_refused();
  }
}

// Only the dispatcher knows: remote workers may do all the work.
bool signing_system::over() {
  bool over = false;
  self_->request(dispatcher_, caf::infinite, over_atom_v)
      .receive([&over](bool answer) { over = answer; },
               [this](caf::error& e) { failure_ = sentence(e); });
  return over && signers_.empty();
}

// Once in ten seconds at most: a worker could hand in late all the time.
void signing_system::note_late_results() {
  const std::uint64_t late = progress_.late_results;
  if (late == late_results_noted_ || !options_.cluster ||
      steady::now() < late_results_next_)
    return;
  late_results_next_ = steady::now() + late_note_interval;
  options_.cluster->note(
      fmt::format("{} results arrived after their leases had ended and were "
                  "refused",
                  late - late_results_noted_));
  late_results_noted_ = late;
}

void signing_system::note_refused() {
  const auto refused = progress_.refused.list();
  for (; refused_noted_ < refused.size(); ++refused_noted_) {
    const auto& worker = refused[refused_noted_];
    options_.cluster->note(
        fmt::format("worker {} is refused for the rest of this run: {}",
                    worker.name, worker.why));
    const auto rows = progress_.workers.rows();
    if (options_.signers == 0 &&
        std::ranges::all_of(rows, [this](const worker_row& row) {
          return progress_.refused.why(row.name).has_value();
        }))
      options_.cluster->note("nobody is left to sign: waiting for another "
                             "worker");
  }
}

// A signer that dies is replaced, a few times; the end of any other actor ends
// the run.
void signing_system::ended(const caf::down_msg& down) {
  const bool was_signer = signers_.erase(down.source) > 0;
  if (was_signer && !down.reason)
    return;
  const auto why = sentence(down.reason);
  const bool hopeless =
      !was_signer || down.reason == fault::commit_failed ||
      down.reason == fault::stuck || down.reason == fault::wrong_signature ||
      down.reason == fault::damaged ||
      ++signers_lost_ > deaths_per_signer_max * options_.signers;
  if (hopeless) {
    if (!failure_)
      failure_ = why;
  } else {
    replace_signer();
  }
}

void signing_system::replace_signer() {
  try {
    require_threads(1);
    spawn_signer();
  } catch (const no_thread& e) {
    failure_ = e.what();
  }
}

void signing_system::finish() {
  if (!failure_)
    close();
  stop();
  if (failure_)
    throw signing_failed(*failure_);
}

signing_system::~signing_system() {
  stop();
  self_->receive_while([this] { return !signers_.empty(); })(
      [this](const caf::down_msg& down) { signers_.erase(down.source); });
}

// Idempotent.
void signing_system::stop() {
  watchdog_.arm();
  listener_.reset();
  for (const auto& s : signers_)
    caf::anon_send_exit(s, caf::exit_reason::kill);
  caf::anon_send_exit(keyring_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(dispatcher_, caf::exit_reason::user_shutdown);
  for (const auto& v : verifiers_)
    caf::anon_send_exit(v, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(reader_, caf::exit_reason::user_shutdown);
}

void signing_system::close() {
  const auto note = [this](caf::error& e) {
    if (!failure_) // the first reason is the cause of the others
      failure_ = sentence(e);
  };
  self_->request(dispatcher_, caf::infinite, finish_atom_v)
      .receive([](std::uint64_t) {}, note);
  const auto limit = steady::now() + goodbye_max;
  const auto pause = [&] {
    std::this_thread::sleep_for(milliseconds{5});
    return steady::now() < limit;
  };
  // An epoch closes cleanly only when no other host has a key.
  while (listener_ && !progress_.workers.rows().empty() &&
         progress_.keys_out > 0 && pause()) {
  }
  if (!failure_)
    self_->request(keyring_, caf::infinite, close_atom_v)
        .receive([](std::uint64_t) {}, note);
  // A service tells nobody that it ends: its workers dial again.
  while (listener_ && !options_.service && !progress_.workers.all_told_end() &&
         pause()) {
  }
}

} // namespace chancery::actors
