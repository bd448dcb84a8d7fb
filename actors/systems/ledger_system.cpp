// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/ledger_system.hpp"

#include "actors/base/detached.hpp"
#include "actors/base/wall_clock.hpp"
#include "actors/ledger/chain_builder.hpp"
#include "actors/ledger/ledger_gateway.hpp"
#include "actors/ledger/ledger_writer.hpp"
#include "actors/ledger/validator.hpp"
#include "crypto/base/random.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace chancery::actors {

namespace {

void check(const storage::ledger_store& store,
           const crypto::node_identity& identity,
           const ledger_node_options& options) {
  if (options.validators == 0 || options.validators > validators_max)
    throw std::invalid_argument(fmt::format(
        "the number of validators must be 1 to {}", validators_max));
  if (store.info().node != identity.id())
    throw std::runtime_error(fmt::format(
        "the ledger belongs to node {}, and this node is {}",
        crypto::to_text(store.info().node), crypto::to_text(identity.id())));
  // Reports damage at the chain's end here, before an actor dies of it.
  chain_builder(identity.signing, store.info().block_size, store.read(),
                options.provider);
}

/// Writer, validators, node, the port of ledger_node, and the listener.
std::size_t threads_of(const ledger_node_options& options) {
  return options.validators + 3 + (options.listening ? 1 : 0);
}

} // namespace

ledger_system::ledger_system(storage::ledger_store& store,
                             const crypto::node_identity& identity,
                             const ledger_node_options& options,
                             std::size_t threads)
    : keys_((check(store, identity, options),
             crypto::sign_node_keys(identity, store.info().block_size,
                                    options.provider))),
      host_({threads, threads_of(options)}, options.listening.has_value()) {
  try {
    spawn_actors(store, identity, options);
    if (options.listening)
      listen(*options.listening, identity.id());
  } catch (...) {
    stop_actors(); // the actor system's end waits for them
    throw;
  }
}

void ledger_system::spawn_actors(storage::ledger_store& store,
                                 const crypto::node_identity& identity,
                                 const ledger_node_options& options) {
  ledger_writer_config writing;
  writing.store = &store;
  writing.identity = identity.signing;
  writing.provider = options.provider;
  writing.wall_clock_ms =
      options.wall_clock_ms ? options.wall_clock_ms : wall_clock_ms;
  writing.blocks = &tally_.blocks;
  writer_ = spawn_detached(system(), ledger_writer, writing);
  for (std::size_t i = 0; i < options.validators; ++i)
    validators_.push_back(
        spawn_detached(system(), validator,
                       validator_config{&store, identity, options.provider}));
  node_config judging;
  judging.store = &store;
  judging.tally = &tally_;
  judging.failed = [this](const caf::error& why) {
    const std::scoped_lock lock(failure_mutex_);
    failure_ = sentence(why);
  };
  judging.keys = keys_;
  judging.allowed = options.allowed;
  judging.limits = options.limits;
  judging.disk_reserve = options.disk_reserve;
  judging.clock_ms = writing.wall_clock_ms;
  node_ = spawn_detached(system(), actors::node, judging, writer_, validators_);
}

void ledger_system::listen(const ledger_listening& options,
                           const crypto::key_id& node) {
  ledger_gateway_config gateways;
  gateways.node = node_;
  gateways.welcome.software = options.software;
  gateways.welcome.instance =
      bytes_of_id(crypto::make_random_id(crypto::system_random()));
  gateways.welcome.node = bytes_of_id(node);
  gateways.connected = &tally_.connected;
  listener_options listening;
  listening.credentials = options.credentials;
  listening.address = options.address;
  listening.port = options.port;
  listening.admitted = crypto::host_role::client;
  listening.message_types = ledger_question_types();
  listening.links_max = options.links_max;
  listening.log = options.log;
  listening.denied = options.denied;
  listening.open_gateway = [this, gateways](const secure_channel& channel) {
    auto config = gateways;
    config.peer = channel.peer.name;
    const auto gateway = system().spawn(ledger_gateway, std::move(config));
    return offered_actor{caf::actor_cast<caf::strong_actor_ptr>(gateway),
                         system().message_types(gateway)};
  };
  listener_.emplace(system(), std::move(listening));
}

// The gateways end with the listener and release their handles of the node.
ledger_system::~ledger_system() {
  watchdog_.arm();
  listener_.reset();
  stop_actors();
}

// The node first: it answers waiting requests while the others are alive.
void ledger_system::stop_actors() {
  caf::anon_send_exit(node_, caf::exit_reason::user_shutdown);
  for (const auto& v : validators_)
    caf::anon_send_exit(v, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(writer_, caf::exit_reason::user_shutdown);
}

std::string ledger_system::failure() const {
  const std::scoped_lock lock(failure_mutex_);
  return failure_;
}

ledger_counters ledger_system::counters() const {
  ledger_counters counters;
  counters.accepted = tally_.accepted;
  counters.repeated = tally_.repeated;
  counters.registered = tally_.registered;
  for (std::size_t code = 1; code < tally_.refused.size(); ++code)
    if (const std::uint64_t count = tally_.refused[code]; count > 0)
      counters.refused[static_cast<crypto::refusal>(code)] = count;
  return counters;
}

} // namespace chancery::actors
