// SPDX-License-Identifier: Apache-2.0
#include "signing_world.hpp"

#include "repair.hpp"
#include "signing_truth.hpp"

#include "actors/signing/dispatcher.hpp"
#include "actors/signing/epoch.hpp"
#include "actors/signing/keyring.hpp"
#include "actors/signing/record_writer.hpp"
#include "actors/signing/signer.hpp"

#include <caf/scoped_actor.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace chancery::tests {

namespace {

using std::chrono::milliseconds;

/// Limit of steps of a healed epoch: many times what it needs.
constexpr int signing_steps_max = 200'000;

// One process: its actors, its vault, and the remote workers it knows.
class epoch {
 public:
  epoch(signing_truth& w, storage::record_store& store);
  ~epoch();

  /// Runs until all is signed or it crashes. Returns the violation, if any.
  std::optional<std::string> live();

 private:
  std::unique_ptr<crypto::vault> make_vault(const crypto::random_id& instance,
                                            crypto::vault::clock clock);
  milliseconds now() const;
  void spawn_signer();
  void spawn_remote_worker();
  void note_end(const caf::error& reason);
  void misfortune();
  bool step();
  bool all_signed() const;
  bool certificate_ended() const;
  void close();

  signing_truth& world_;
  storage::record_store& store_;
  std::uint64_t unsigned_records_;
  std::uint32_t batch_size_;
  std::uint32_t ttl_ms_;
  std::optional<std::uint64_t> ends_ms_; // by its certificates
  actors::opened_epoch opened_;
  std::shared_ptr<actors::seal_formats> seals_;
  std::vector<std::unique_ptr<crypto::vault>> vaults_;
  actors::signing_progress progress_;
  bool detected_ = false; // a wrong signature
  sim_host host_;
  actors::record_writer_actor writer_;
  actors::dispatcher_actor dispatcher_;
  actors::keyring_actor keyring_;
  std::vector<actors::signer_actor> signers_;
  std::vector<remote_worker_actor> workers_;
};

actors::opened_epoch open(signing_truth& w, storage::record_store& store,
                          std::uint32_t batch_size, std::uint32_t ttl_ms,
                          std::optional<std::uint64_t>& ends_ms) {
  actors::epoch_options options;
  options.batch_size = batch_size;
  options.remote_possible = w.options.remote_workers;
  options.ttl_ms_max = ttl_ms;
  options.id = crypto::make_random_id(seeded(w.random()));
  options.time_ms = static_cast<std::uint64_t>(w.time.count());
  if (!w.options.seals)
    return actors::open_epoch(store, w.active, options);
  const auto sealing =
      w.certificates.prepare(store, w.keys, w.healed, w.random, options);
  ends_ms = sealing.ends_ms;
  return actors::open_epoch(store, sealing.ids, options);
}

std::uint64_t unsigned_in(const storage::record_store& store) {
  const auto view = store.read();
  return view.record_count() - view.signature_count();
}

epoch::epoch(signing_truth& w, storage::record_store& store)
    : world_(w), store_(store), unsigned_records_(unsigned_in(store)),
      batch_size_(static_cast<std::uint32_t>(1 + w.random() % 9)),
      ttl_ms_(static_cast<std::uint32_t>(50 + w.random() % 500)),
      opened_(open(w, store, batch_size_, ttl_ms_, ends_ms_)) {
  if (w.options.seals)
    seals_ =
        std::make_shared<actors::seal_formats>(w.keys.curve(), opened_.event);
  const auto wall_clock = [this] {
    return static_cast<std::uint64_t>(now().count());
  };
  vaults_.push_back(make_vault(crypto::make_random_id(seeded(w.random())),
                               [this] { return now(); }));

  writer_ = host_.system().spawn(
      actors::record_writer, actors::record_writer_config{&store, &progress_});
  actors::dispatcher_config work;
  work.store = &store;
  work.batch_size = batch_size_;
  work.wall_clock_ms = wall_clock;
  work.progress = &progress_;
  work.begins_ms = opened_.entry.time_ms;
  if (w.options.seals)
    work.format = storage::signature_format::jades;
  if (w.options.keeps_dates)
    work.ends_ms = ends_ms_;
  work.defended = w.options.defended;
  dispatcher_ = host_.system().spawn(actors::dispatcher, work, writer_);

  actors::keyring_config lending;
  lending.epoch = opened_.entry;
  lending.authority = std::make_shared<crypto::lease_authority>(
      w.keys.lease_secret(), store.info().folder_id, opened_.entry.id);
  lending.purpose = w.keys.purpose();
  lending.quarantine = opened_.quarantine;
  lending.wall_clock_ms = wall_clock;
  lending.progress = &progress_;
  lending.defended = w.options.defended;
  keyring_ =
      host_.system().spawn(actors::keyring, lending, writer_, dispatcher_);

  const auto signers = 1 + w.random() % 3;
  for (std::uint64_t i = 0; i < signers; ++i)
    spawn_signer();
  for (auto i = w.options.remote_workers ? w.random() % 4 : 0; i > 0; --i)
    spawn_remote_worker();
}

// Nothing that happens from here on reaches the disk.
epoch::~epoch() {
  world_.crashed = true;
  const auto kill = [](const auto& actor) {
    caf::anon_send_exit(actor, caf::exit_reason::kill);
  };
  std::ranges::for_each(signers_, kill);
  std::ranges::for_each(workers_, kill);
  kill(keyring_);
  kill(dispatcher_);
  kill(writer_);
  host_.run_all();
  world_.time = now();
  world_.crashed = false;
  world_.result.late_results += progress_.late_results;
  world_.result.late_returns += progress_.late_returns;
  world_.result.leases_lost += progress_.leases_lost;
}

std::unique_ptr<crypto::vault>
epoch::make_vault(const crypto::random_id& instance,
                  crypto::vault::clock clock) {
  crypto::vault::options options;
  options.folder = store_.info().folder_id;
  options.epoch = opened_.entry.id;
  options.instance = instance;
  options.now = std::move(clock);
  options.observe = [this](const crypto::key_use& use) {
    world_.uses.push_back(use);
  };
  if (!world_.options.faulty_cores)
    return std::make_unique<crypto::vault>(world_.keys, options,
                                           crypto::system_random());
  // Which signatures a sample verifies then depends on the seed, too.
  const bool local = vaults_.empty();
  options.replace_signer = [this, local](auto below) {
    std::unique_ptr<crypto::batch_signer> signer = std::move(below);
    if (local)
      signer = std::make_unique<faulty_core>(std::move(signer), world_.random(),
                                             &world_.wrong, &world_.healed);
    return signer;
  };
  return std::make_unique<crypto::vault>(world_.keys, options,
                                         seeded(world_.random()));
}

milliseconds epoch::now() const { return world_.time + host_.now(); }

void epoch::spawn_signer() {
  actors::signer_config config;
  config.vault = vaults_[0].get();
  config.store = &store_;
  config.seals = seals_;
  config.leases_per_unit = static_cast<std::uint32_t>(1 + world_.random() % 3);
  config.units_outstanding =
      static_cast<std::uint32_t>(1 + world_.random() % 2);
  signers_.push_back(
      host_.system().spawn(actors::signer, config, keyring_, dispatcher_));
  signers_.back()->attach_functor(
      [this](const caf::error& reason) { note_end(reason); });
  caf::anon_send(signers_.back(), actors::start_atom_v);
}

// A run ends for a wrong signature.
void epoch::note_end(const caf::error& reason) {
  detected_ = detected_ || reason == actors::fault::wrong_signature;
}

void epoch::spawn_remote_worker() {
  remote_worker_config config;
  // Two vaults with one instance id: the worker chooses how its clock behaves
  // by the vault that it signs with.
  const auto instance = crypto::make_random_id(seeded(world_.random()));
  config.stuck_time = std::make_shared<milliseconds>(now());
  vaults_.push_back(make_vault(instance, [this] { return now(); }));
  config.vault = vaults_.back().get();
  vaults_.push_back(
      make_vault(instance, [time = config.stuck_time] { return *time; }));
  config.stuck_vault = vaults_.back().get();
  config.store = &store_;
  config.seals = seals_;
  config.now = [this] { return now(); };
  config.random = &world_.random;
  config.late = &world_.late;
  config.ttl_ms = ttl_ms_;
  config.leases = static_cast<std::uint32_t>(1 + world_.random() % 2);
  config.healed = &world_.healed;
  workers_.push_back(
      host_.system().spawn(remote_worker, config, keyring_, dispatcher_));
  caf::anon_send(workers_.back(), actors::start_atom_v);
}

// What is left is the next epoch's.
bool epoch::certificate_ended() const {
  return world_.options.keeps_dates && ends_ms_ &&
         static_cast<std::uint64_t>(now().count()) >= *ends_ms_;
}

bool epoch::all_signed() const { return progress_.stored == unsigned_records_; }

// Random faults of a process between two of its steps.
void epoch::misfortune() {
  if (world_.healed)
    return;
  if (world_.options.deaths && world_.chance(1)) {
    const auto victim = world_.random() % signers_.size();
    caf::anon_send_exit(signers_[victim], caf::exit_reason::kill);
    ++world_.result.deaths;
    spawn_signer();
  }
  // A delayed result of this epoch or an earlier one, perhaps a duplicate.
  if (!world_.late.empty() && world_.chance(3)) {
    const auto& mail = world_.late[world_.random() % world_.late.size()];
    caf::anon_send(dispatcher_, actors::hand_in_atom_v, mail.result);
    caf::anon_send(keyring_, actors::give_back_atom_v, mail.leases);
  }
}

// Runs one message of one actor, in random order, or lets time pass. False when
// nothing can happen any more.
bool epoch::step() {
  if (host_.busy() && !world_.chance(10)) {
    host_.run_one(world_.random);
    return true;
  }
  if (host_.waiting() || host_.busy()) {
    host_.advance(milliseconds(1 + world_.random() % 100));
    return true;
  }
  return false;
}

std::optional<std::string> epoch::live() {
  const bool failed_before = world_.result.commit_failed;
  for (int i = 0; i < signing_steps_max && !all_signed(); ++i) {
    misfortune();
    if (world_.options.crashes && !world_.healed && world_.random() % 400 == 0)
      return std::nullopt;
    if (!step() || certificate_ended())
      break;
    if (world_.result.commit_failed && !failed_before)
      return std::nullopt; // the writer failed, and with it the run
    if (detected_) {
      ++world_.result.detected;
      return std::nullopt;
    }
  }
  if (certificate_ended()) {
    ++world_.result.ended;
    close();
    return std::nullopt;
  }
  if (!all_signed())
    return fmt::format("epoch {} stopped with {} of {} records signed",
                       opened_.entry.epoch, progress_.stored.load(),
                       unsigned_records_);
  close();
  return std::nullopt;
}

void epoch::close() {
  host_.run_all();
  caf::scoped_actor self{host_.system()};
  auto answer = self->request(keyring_, caf::infinite, actors::close_atom_v);
  host_.run_all();
  answer.receive([](std::uint64_t) {}, [](const caf::error&) {});
}

void fill(signing_truth& w) {
  storage::record_store store(w.folder.path() / "records", w.storage_options);
  auto transaction = store.write();
  w.result.records = 20 + w.random() % 200;
  for (std::uint64_t i = 0; i < w.result.records; ++i) {
    const auto record = fmt::format("record {} of seed {}", i, w.options.seed);
    transaction.append_record(std::as_bytes(std::span(record)));
  }
  transaction.commit();
  w.filled = true;
}

// A commit that fails ends the command; it is run again.
std::optional<std::string> repair_folder(signing_truth& w) {
  for (bool again = false;; again = true) {
    storage::record_store store(w.folder.path() / "records", w.storage_options);
    try {
      return repair(store, w.public_keys, w.wrong, w.random,
                    w.result.withdrawn);
    } catch (const std::runtime_error& e) {
      if (again || !w.result.commit_failed)
        return e.what();
    }
  }
}

// Runs one epoch on the store, and notes what was broken in it.
void live_epoch(signing_truth& w) {
  storage::record_store store(w.folder.path() / "records", w.storage_options);
  ++w.result.epochs;
  try {
    epoch e(w, store);
    w.result.violation = e.live();
  } catch (const std::exception& e) {
    // The commit that failed was the one that opens the epoch.
    if (!w.result.commit_failed)
      w.result.violation = e.what();
  }
}

bool is_signed(const signing_truth& w) {
  return unsigned_in(storage::record_store(w.folder.path() / "records",
                                           w.storage_options)) == 0;
}

} // namespace

world_result live(const world_options& options) {
  signing_truth w(options);
  fill(w);
  const auto troubled_epochs = 1 + w.random() % 3;
  for (std::uint64_t i = 0;; ++i) {
    w.healed = i >= troubled_epochs;
    if (is_signed(w))
      break;
    live_epoch(w);
    if (auto broken = w.options.faulty_cores ? repair_folder(w) : std::nullopt)
      w.result.violation = std::move(broken);
    // A broken rule is more informative than unfinished work.
    storage::record_store store(w.folder.path() / "records", w.storage_options);
    if (auto broken = check(store, w.public_keys, w.uses))
      w.result.violation = std::move(broken);
    w.result.history = history_of(store);
    if (w.result.violation)
      break;
  }
  w.result.certificates = w.certificates.issued();
  w.result.revoked = w.certificates.revoked();
  return w.result;
}

} // namespace chancery::tests
