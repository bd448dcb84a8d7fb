// SPDX-License-Identifier: Apache-2.0
#include "service_world.hpp"

#include "service_truth.hpp"
#include "service_waits.hpp"

#include "actors/signing/dispatcher.hpp"
#include "actors/signing/epoch.hpp"
#include "actors/signing/keyring.hpp"
#include "actors/signing/record_intake.hpp"
#include "actors/signing/record_writer.hpp"
#include "actors/signing/signer.hpp"
#include "actors/systems/service_clock.hpp"

#include <caf/scoped_actor.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace chancery::tests {

namespace {

using std::chrono::milliseconds;

constexpr int epoch_steps = 600;
/// Limit of steps of a drain, or of a healed life: many times what they need.
constexpr int drain_steps_max = 20'000;
/// Time passes in such steps when everything is healed.
constexpr milliseconds healed_step{5};

// One process: writer and intake, and the actors of one epoch after the other.
class process {
 public:
  process(service_truth& w, storage::record_store& store);
  ~process();

  /// Until it crashes, or everything is healed and signed. The violation.
  std::optional<std::string> live();

  /// A commit failed in this process, which signs no more then.
  bool failed() const { return failed_; }

 private:
  void open_epoch();
  bool run_epoch();
  bool drain_epoch();
  void end_epoch();
  std::optional<std::string> live_healed();
  std::unique_ptr<crypto::vault> make_vault(const crypto::random_id& instance,
                                            crypto::vault::clock clock);
  milliseconds now() const { return world_.time + host_.now(); }
  std::uint64_t wall_clock_ms() const;
  void spawn_signer();
  void spawn_remote_worker();
  void send_request();
  void misfortune();
  void step();

  service_truth& world_;
  storage::record_store& store_;
  std::uint64_t wall_begin_;
  std::uint32_t ttl_ms_ = 0;
  actors::opened_epoch opened_;
  std::optional<std::uint64_t> ends_ms_; ///< by its certificates
  std::shared_ptr<actors::seal_formats> seals_;
  std::vector<std::unique_ptr<crypto::vault>> vaults_; ///< of all epochs
  actors::signing_progress progress_;
  sim_host host_;
  actors::record_writer_actor writer_;
  actors::record_intake_actor intake_;
  actors::dispatcher_actor dispatcher_;
  actors::keyring_actor keyring_;
  std::vector<actors::signer_actor> signers_;
  std::vector<remote_worker_actor> workers_;
  crypto::vault* vault_ = nullptr; ///< the signers', in vaults_
  std::size_t signers_alive_ = 0;
  bool failed_ = false;
};

// The wall clock may have been set while the process was gone.
process::process(service_truth& w, storage::record_store& store)
    : world_(w), store_(store), wall_begin_(std::max<std::uint64_t>(
                                    (w.options.seals ? seal_time * 1'000 : 0) +
                                        1'000'000 + w.random() % 2'000'000,
                                    actors::last_time_ms(store.read()))) {
  actors::record_writer_config writing;
  writing.store = &store;
  writing.progress = &progress_;
  writing.wall_clock_ms = [this] { return wall_clock_ms(); };
  writing.defended = w.options.defended;
  writing.failed = [this](const caf::error&) { failed_ = true; };
  writer_ = host_.system().spawn(actors::record_writer, writing);
  intake_ = host_.system().spawn(actors::record_intake,
                                 actors::record_intake_config{}, writer_);
}

// Nothing that happens from here on reaches the disk.
process::~process() {
  world_.crashed = true;
  end_epoch();
  caf::anon_send_exit(intake_, caf::exit_reason::kill);
  caf::anon_send_exit(writer_, caf::exit_reason::kill);
  host_.run_all();
  world_.time = now();
  world_.crashed = false;
  world_.result.leases_lost += progress_.leases_lost;
}

void process::end_epoch() {
  const auto kill = [](const auto& actor) {
    caf::anon_send_exit(actor, caf::exit_reason::kill);
  };
  std::ranges::for_each(signers_, kill);
  std::ranges::for_each(workers_, kill);
  kill(keyring_);
  kill(dispatcher_);
  signers_.clear();
  workers_.clear();
}

std::uint64_t process::wall_clock_ms() const {
  return wall_begin_ + static_cast<std::uint64_t>(host_.now().count());
}

void process::open_epoch() {
  auto& w = world_;
  ttl_ms_ = static_cast<std::uint32_t>(50 + w.random() % 500);
  actors::epoch_options options;
  options.batch_size = batch_size;
  options.max_wait_ms = max_wait_ms;
  options.remote_possible = true;
  options.ttl_ms_max = ttl_ms_;
  options.id = crypto::make_random_id(seeded(w.random()));
  options.time_ms = wall_clock_ms();
  std::vector<storage::key_name> active;
  for (const auto& key : crypto::record_keys(w.keys))
    active.push_back(key.id());
  if (w.options.seals) {
    const auto sealing =
        w.certificates.prepare(store_, w.keys, w.healed, w.random, options);
    ends_ms_ = sealing.ends_ms;
    active = sealing.ids;
  }
  opened_ = actors::open_epoch(store_, active, options);
  if (w.options.seals)
    seals_ =
        std::make_shared<actors::seal_formats>(w.keys.curve(), opened_.event);
  ++w.result.epochs;

  vaults_.push_back(make_vault(crypto::make_random_id(seeded(w.random())),
                               [this] { return now(); }));
  vault_ = vaults_.back().get();
  actors::dispatcher_config work;
  work.store = &store_;
  work.batch_size = batch_size;
  work.wall_clock_ms = [this] { return wall_clock_ms(); };
  work.progress = &progress_;
  work.begins_ms = opened_.entry.time_ms;
  work.ends_ms = ends_ms_;
  if (w.options.seals)
    work.format = storage::signature_format::jades;
  work.service = {max_wait_ms, opened_.entry.records};
  work.defended = w.options.defended;
  dispatcher_ = host_.system().spawn(actors::dispatcher, work, writer_);
  actors::keyring_config lending;
  lending.epoch = opened_.entry;
  lending.authority = std::make_shared<crypto::lease_authority>(
      w.keys.lease_secret(), store_.info().folder_id, opened_.entry.id);
  lending.purpose = w.keys.purpose();
  lending.quarantine = opened_.quarantine;
  lending.wall_clock_ms = [this] { return wall_clock_ms(); };
  lending.progress = &progress_;
  keyring_ =
      host_.system().spawn(actors::keyring, lending, writer_, dispatcher_);
  caf::anon_send(intake_, actors::look_atom_v, dispatcher_);

  for (auto i = 1 + w.random() % 3; i > 0; --i)
    spawn_signer();
  for (auto i = w.healed ? 0 : w.random() % 3; i > 0; --i)
    spawn_remote_worker();
}

std::unique_ptr<crypto::vault>
process::make_vault(const crypto::random_id& instance,
                    crypto::vault::clock clock) {
  crypto::vault::options options;
  options.folder = store_.info().folder_id;
  options.epoch = opened_.entry.id;
  options.instance = instance;
  options.now = std::move(clock);
  options.observe = [this](const crypto::key_use& use) {
    world_.uses.push_back(use);
  };
  return std::make_unique<crypto::vault>(world_.keys, options,
                                         crypto::system_random());
}

void process::spawn_signer() {
  actors::signer_config config;
  config.vault = vault_;
  config.store = &store_;
  config.leases_per_unit = static_cast<std::uint32_t>(1 + world_.random() % 3);
  config.units_outstanding =
      static_cast<std::uint32_t>(1 + world_.random() % 2);
  config.asks_first = true;
  config.seals = seals_;
  signers_.push_back(
      host_.system().spawn(actors::signer, config, keyring_, dispatcher_));
  ++signers_alive_;
  signers_.back()->attach_functor(
      [this](const caf::error&) { --signers_alive_; });
  caf::anon_send(signers_.back(), actors::start_atom_v);
}

void process::spawn_remote_worker() {
  remote_worker_config config;
  const auto instance = crypto::make_random_id(seeded(world_.random()));
  config.stuck_time = std::make_shared<milliseconds>(now());
  vaults_.push_back(make_vault(instance, [this] { return now(); }));
  config.vault = vaults_.back().get();
  vaults_.push_back(
      make_vault(instance, [time = config.stuck_time] { return *time; }));
  config.stuck_vault = vaults_.back().get();
  config.store = &store_;
  config.now = [this] { return now(); };
  config.random = &world_.random;
  config.late = &world_.late;
  config.ttl_ms = ttl_ms_;
  config.leases = static_cast<std::uint32_t>(1 + world_.random() % 2);
  config.healed = &world_.healed;
  config.service = true;
  config.seals = seals_;
  workers_.push_back(
      host_.system().spawn(remote_worker, config, keyring_, dispatcher_));
  caf::anon_send(workers_.back(), actors::start_atom_v);
}

// What is answered while the process goes reaches nobody.
void process::send_request() {
  auto [number, request] = world_.clients.send();
  caf::anon_send(
      intake_, actors::take_in_atom_v,
      actors::record_submission{
          std::make_shared<const actors::record_request>(std::move(request)),
          [this, sending = number](const actors::record_answer& answer) {
            if (!world_.crashed)
              world_.clients.answered(sending, answer);
          }});
}

void process::misfortune() {
  if (world_.chance(1)) {
    caf::anon_send_exit(signers_[world_.random() % signers_.size()],
                        caf::exit_reason::kill);
    ++world_.result.deaths;
    spawn_signer();
  }
  if (world_.random() % 200 == 0)
    spawn_remote_worker();
  // A delayed result of this epoch or an earlier one, perhaps a duplicate.
  if (!world_.late.empty() && world_.chance(3)) {
    const auto& mail = world_.late[world_.random() % world_.late.size()];
    caf::anon_send(dispatcher_, actors::hand_in_atom_v, mail.result);
    caf::anon_send(keyring_, actors::give_back_atom_v, mail.leases);
  }
}

// Runs one message of one actor, in random order, or lets time pass.
void process::step() {
  if (host_.busy() && !world_.chance(10))
    host_.run_one(world_.random);
  else
    host_.advance(milliseconds(1 + world_.random() % 60));
}

// False when the process is gone.
bool process::run_epoch() {
  for (int i = 0; i < epoch_steps; ++i) {
    if (world_.chance(4))
      send_request();
    misfortune();
    if (world_.options.crashes && world_.random() % 1'000 == 0)
      return false;
    step();
    if (failed_)
      return false;
    if (ends_ms_ && wall_clock_ms() >= *ends_ms_) {
      ++world_.result.ended;
      break;
    }
  }
  return true;
}

// As signing_system does it: signers finish what they have, the dispatcher
// waits for what is out, and the keyring closes the epoch.
bool process::drain_epoch() {
  caf::anon_send(dispatcher_, actors::drain_atom_v);
  caf::anon_send(keyring_, actors::drain_atom_v);
  caf::scoped_actor self{host_.system()};
  auto finished =
      self->request(dispatcher_, caf::infinite, actors::finish_atom_v);
  bool over = false;
  for (int i = 0; i < drain_steps_max && !over; ++i) {
    if (world_.chance(2))
      send_request();
    step();
    if (failed_ || (world_.options.crashes && !world_.healed &&
                    world_.random() % 2'000 == 0))
      return false;
    over = signers_alive_ == 0 && !self->mailbox().empty();
  }
  if (!over)
    throw std::runtime_error("an epoch does not end");
  finished.receive([](std::uint64_t) {}, [](const caf::error&) {});
  auto closed = self->request(keyring_, caf::infinite, actors::close_atom_v);
  host_.run_all();
  closed.receive([](std::uint64_t) {}, [](const caf::error&) {});
  end_epoch();
  host_.run_all();
  return !failed_;
}

std::optional<std::string> process::live() {
  open_epoch();
  if (world_.healed)
    return live_healed();
  for (auto epochs = 1 + world_.random() % 3; epochs > 0; --epochs) {
    if (!run_epoch() || !drain_epoch())
      return std::nullopt;
    world_.change_keys();
    open_epoch();
  }
  return std::nullopt; // it crashes within the next epoch
}

// Nothing is wrong any more, once the leases of the past have run out.
std::optional<std::string> process::live_healed() {
  host_.run_all(); // the quarantine begins with the keyring
  host_.advance(opened_.quarantine + milliseconds{1});
  host_.run_all();
  const auto from = wall_clock_ms();
  for (int i = 0; i < 400 && !failed_; ++i) {
    if (world_.chance(10))
      send_request();
    host_.run_all();
    host_.advance(healed_step);
  }
  const auto end = wall_clock_ms() + 2 * max_wait_ms;
  while (wall_clock_ms() < end && !failed_) {
    host_.run_all();
    host_.advance(healed_step);
  }
  if (failed_)
    return std::nullopt;
  const auto view = store_.read();
  if (view.signature_count() != view.record_count())
    return fmt::format("{} of {} records are signed at the end",
                       view.signature_count(), view.record_count());
  if (auto late = check_waits(view, from, healed_step, world_.result))
    return late;
  return drain_epoch() || failed_
             ? std::nullopt
             : std::optional<std::string>("the last epoch does not end");
}

} // namespace

service_result live(const service_options& options) {
  service_truth w(options);
  const auto troubled_lives = 1 + w.random() % 3;
  bool over = false;
  while (!w.result.violation && !over) {
    w.healed = w.result.lives >= troubled_lives;
    over = w.healed;
    ++w.result.lives;
    storage::record_store store(w.folder.path() / "records", w.storage_options);
    try {
      process p(w, store);
      w.result.violation = p.live();
      over = over && !p.failed();
    } catch (const std::exception& e) {
      // The commit that failed was one that opens an epoch.
      if (!w.result.commit_failed)
        w.result.violation = e.what();
      over = false;
    }
    w.look_at(store);
  }
  w.result.records = w.clients.acknowledged();
  w.result.replayed = w.clients.replayed();
  return w.result;
}

} // namespace chancery::tests
