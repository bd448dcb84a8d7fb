// SPDX-License-Identifier: Apache-2.0
#include "ledger_world.hpp"

#include "../temp_folder.hpp"
#include "actors/audit/chain_verify.hpp"
#include "actors/ledger/client.hpp"
#include "actors/ledger/client_sealer.hpp"
#include "actors/ledger/ledger_writer.hpp"
#include "actors/ledger/node.hpp"
#include "actors/ledger/validator.hpp"
#include "actors/systems/ledger_simulation.hpp"
#include "actors/systems/ledger_system.hpp"
#include "actors/systems/system_config.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/jose/jwe.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/message.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

namespace chancery::tests {

namespace {

using std::chrono::milliseconds;

/// Limit of steps of a healed life: many times what it needs.
constexpr int ledger_steps_max = 100'000;

crypto::random_source seeded(std::uint64_t seed) {
  auto engine = std::make_shared<std::mt19937_64>(seed);
  return [engine](std::span<std::byte> out) {
    for (auto& byte : out)
      byte = static_cast<std::byte>((*engine)());
  };
}

struct held_text {
  std::uint64_t index;
  std::string receipt;
};

// A client outlives the node's processes: its memory is elsewhere.
struct participant {
  std::shared_ptr<actors::client_session> session;
  std::uint64_t goal = 0;        ///< messages that it wants to send
  std::vector<std::string> said; ///< every JWS that it made
};

struct test_config : caf::actor_system_config {
  test_config() {
    actors::add_messages(*this);
    set("scheduler.policy", caf::atom("testing"));
  }
};

struct ledger_truth {
  explicit ledger_truth(const ledger_world_options& o)
      : options(o), random(o.seed),
        identity(crypto::make_node_identity(seeded(o.seed))) {
    storage::ledger_info info;
    info.node = identity.id();
    info.block_size = static_cast<std::uint32_t>(1 + random() % 9);
    store_options.sync = false;
    store_options.defended = o.stored;
    store_options.before_commit = [this] { before_commit(); };
    storage::ledger_store::create(path(), info, store_options);
    made = true;
    keys = crypto::sign_node_keys(identity, info.block_size,
                                  crypto::single_signatures);
    const auto clients = 1 + random() % 4;
    for (std::uint64_t i = 0; i < clients; ++i)
      add_participant();
  }

  void add_participant() {
    participant p;
    p.session = std::make_shared<actors::client_session>(
        crypto::private_key::generate(crypto::curve::p256, seeded(random())),
        actors::read_node_keys(keys, identity.id(), crypto::single_signatures),
        crypto::single_signatures);
    p.goal = 3 + random() % 12;
    participants.push_back(std::move(p));
  }

  void before_commit() {
    if (crashed)
      throw std::runtime_error("the process is gone");
    if (made && ++commits == options.failing_commit) {
      result.commit_failed = true;
      throw std::runtime_error("this commit fails");
    }
  }

  std::filesystem::path path() const { return folder.path() / "ledger"; }
  bool chance(unsigned percent) { return random() % 100 < percent; }

  // It may stand still or jump back, also across restarts.
  std::uint64_t wall_clock_ms() {
    wall_ms += random() % 50;
    if (random() % 20 == 0)
      wall_ms -= 10'000;
    return wall_ms;
  }

  ledger_world_options options;
  std::mt19937_64 random;
  temp_folder folder;
  crypto::node_identity identity;
  storage::ledger_options store_options;
  std::string keys;
  std::vector<participant> participants;
  std::vector<held_text> receipts;
  std::uint64_t wall_ms = 1'700'000'000'000;
  std::uint32_t commits = 0;
  bool made = false;
  bool crashed = false;
  bool healed = false;
  ledger_world_result result;
};

bool complete(const ledger_truth& w) {
  return std::ranges::all_of(w.participants, [](const participant& p) {
    const auto& memory = p.session->memory();
    return memory.sequence == p.goal && memory.unconfirmed.empty();
  });
}

// One process of the node, and the clients' connections to it.
class node_life {
 public:
  node_life(ledger_truth& w, storage::ledger_store& store);
  ~node_life();

  /// Runs until all is confirmed or it crashes. Returns the violation, if any.
  std::optional<std::string> live();

 private:
  void spawn_client(participant& p);
  void send(std::string text);
  void misfortune();
  bool step();

  ledger_truth& world_;
  test_config config_;
  actors::ledger_tally tally_;
  actors::ledger_progress progress_;
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& scheduler_;
  /// As `chancery node` chooses, or one by one.
  const crypto::provider provider_ =
      world_.random() % 2 == 0
          ? crypto::single_signatures
          : crypto::provider_from_name("auto", crypto::curve::p256);
  actors::ledger_writer_actor writer_;
  actors::client_sealer_actor sealer_; ///< unset: clients do it themselves
  std::vector<actors::validator_actor> validators_;
  actors::node_actor node_;
  std::vector<actors::client_actor> clients_;
  std::vector<caf::actor> others_;
  std::string failure_; ///< of a client
  std::uint64_t again_ = 0;
};

node_life::node_life(ledger_truth& w, storage::ledger_store& store)
    : world_(w), scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(
                     system_.scheduler())) {
  actors::ledger_writer_config writing;
  writing.store = &store;
  writing.identity = w.identity.signing;
  writing.provider = provider_;
  writing.wall_clock_ms = [this] { return world_.wall_clock_ms(); };
  writing.blocks = &tally_.blocks;
  writer_ = system_.spawn(actors::ledger_writer, writing);
  for (auto i = 1 + w.random() % 3; i > 0; --i)
    validators_.push_back(
        system_.spawn(actors::validator,
                      actors::validator_config{&store, w.identity, provider_}));
  actors::node_config judging;
  judging.store = &store;
  judging.tally = &tally_;
  judging.keys = w.keys;
  judging.defended = w.options.judged;
  node_ = system_.spawn(actors::node, judging, writer_, validators_);
  if (w.random() % 2 == 0)
    sealer_ = system_.spawn(
        actors::client_sealer,
        actors::read_node_keys(w.keys, {}, crypto::single_signatures),
        provider_);
  for (auto& p : w.participants)
    spawn_client(p);
}

void node_life::spawn_client(participant& p) {
  actors::client_config config;
  const auto& memory = p.session->memory();
  config.session = p.session;
  config.messages =
      p.goal - memory.sequence + (memory.unconfirmed.empty() ? 0 : 1);
  config.interval = milliseconds(world_.random() % 40);
  config.answer_timeout = milliseconds(20 + world_.random() % 400);
  config.wall_clock_ms = [this] { return world_.wall_clock_ms(); };
  config.progress = &progress_;
  config.sealer = sealer_;
  config.body_size = 5;
  config.observe = [this](const crypto::receipt& r, const std::string& text) {
    world_.receipts.push_back({r.index, text});
  };
  clients_.push_back(system_.spawn(actors::client, config, node_));
  others_.push_back(
      system_.spawn([this, c = clients_.back()](caf::event_based_actor* self) {
        self->request(c, caf::infinite, actors::run_atom_v)
            .then(
                [this](const actors::client_report& r) {
                  again_ += r.again;
                  if (failure_.empty())
                    failure_ = r.failure;
                },
                [](const caf::error&) {}); // the end of this life
      }));
}

// Nothing that happens from here on reaches the disk.
node_life::~node_life() {
  world_.crashed = true;
  const auto kill = [](const auto& actor) {
    caf::anon_send_exit(actor, caf::exit_reason::kill);
  };
  std::ranges::for_each(others_, kill);
  std::ranges::for_each(clients_, kill);
  if (sealer_)
    kill(sealer_);
  kill(node_);
  std::ranges::for_each(validators_, kill);
  kill(writer_);
  scheduler_.run();
  world_.crashed = false;
  world_.result.repeated += tally_.repeated;
  for (const auto& count : tally_.refused)
    world_.result.refused += count;
  world_.result.again += again_;
}

// Sends anonymously; the answer is discarded.
void node_life::send(std::string text) {
  caf::anon_send(node_, actors::submit_atom_v, std::move(text));
}

// What strangers, duplicates and the network do between two steps.
void node_life::misfortune() {
  if (world_.healed)
    return;
  auto& p = world_.participants[world_.random() % world_.participants.size()];
  const auto& current = p.session->memory().unconfirmed;
  if (!current.empty() && (p.said.empty() || p.said.back() != current))
    p.said.push_back(current);
  const auto to_node = actors::read_node_keys(world_.keys, std::nullopt,
                                              crypto::single_signatures)
                           .encryption;
  switch (world_.random() % 40) {
  case 0: // an old message is resent
    if (!p.said.empty())
      send(crypto::seal_jwe(p.said[world_.random() % p.said.size()], to_node,
                            crypto::message_type));
    return;
  case 1:
    send(p.session->registration(world_.wall_clock_ms()));
    return;
  case 2:
    send("garbage");
    return;
  case 3: // a sealed message that nobody signed
    send(crypto::seal_jwe("a.b.c", to_node, crypto::message_type));
    return;
  default:
    return;
  }
}

// Runs one message of one actor, in random order, or lets time pass. False when
// nothing can happen any more.
bool node_life::step() {
  auto& jobs = scheduler_.jobs;
  if (!jobs.empty() && !world_.chance(10)) {
    std::swap(jobs.front(), jobs[world_.random() % jobs.size()]);
    scheduler_.run_once();
    return true;
  }
  if (scheduler_.has_pending_timeout() || !jobs.empty()) {
    scheduler_.advance_time(milliseconds(1 + world_.random() % 60));
    return true;
  }
  return false;
}

std::optional<std::string> node_life::live() {
  for (int i = 0; i < ledger_steps_max && !complete(world_); ++i) {
    misfortune();
    if (world_.options.crashes && !world_.healed && world_.random() % 150 == 0)
      return std::nullopt;
    if (!step())
      break;
    if (world_.result.commit_failed && !world_.healed)
      return std::nullopt; // the writer failed, and with it the node
    if (!failure_.empty())
      return "a client gave up: " + failure_;
    if (progress_.refused > 0)
      return "an honest client's message was refused";
  }
  if (!complete(world_))
    return "a healed ledger stopped with unconfirmed messages";
  return std::nullopt;
}

// Checks the folder and the clients' receipts, from outside.
std::optional<std::string> check(const storage::ledger_store& store,
                                 const ledger_truth& w) {
  std::atomic<std::uint64_t> done{0};
  const std::atomic<bool> stop{false};
  const auto report = actors::verify_chain(
      store, w.identity.signing.public_half(), {.threads = 1}, done, stop);
  for (const auto& rule : report.rules)
    if (rule.violations > 0)
      return rule.name + ": " + rule.first_violation;
  if (report.messages / store.info().block_size != report.blocks)
    return "a block is missing";
  const auto view = store.read();
  std::vector<bool> confirmed(view.message_count());
  for (const auto& held : w.receipts) {
    const auto stored = view.receipt(held.index);
    if (!stored || crypto::text_of(*stored) != held.receipt)
      return fmt::format(
          "a client's receipt for message {} is not in the chain", held.index);
    if (confirmed[held.index])
      return fmt::format("two messages got the receipt of message {}",
                         held.index);
    confirmed[held.index] = true;
  }
  return std::nullopt;
}

std::string history_of(const storage::ledger_store& store) {
  std::string history;
  const auto view = store.read();
  for (std::uint64_t i = 0; i < view.message_count(); ++i)
    history += crypto::payload_part(crypto::text_of(*view.message(i)));
  return history;
}

} // namespace

ledger_world_result live(const ledger_world_options& options) {
  ledger_truth w(options);
  const auto troubled_lives = 1 + w.random() % 4;
  for (std::uint64_t i = 0; !complete(w) && !w.result.violation; ++i) {
    w.healed = i >= troubled_lives;
    storage::ledger_store store(w.path(), w.store_options);
    ++w.result.lives;
    {
      node_life life(w, store);
      w.result.violation = life.live();
    }
    // A broken rule is more informative than unfinished work.
    if (auto broken = check(store, w))
      w.result.violation = std::move(broken);
    w.result.history = history_of(store);
    w.result.messages = store.read().message_count();
    w.result.blocks = store.read().block_count();
  }
  return w.result;
}

} // namespace chancery::tests
