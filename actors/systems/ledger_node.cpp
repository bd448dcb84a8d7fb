// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/ledger_node.hpp"

#include "actors/systems/ledger_port.hpp"
#include "actors/systems/ledger_system.hpp"

#include <utility>

namespace chancery::actors {

struct ledger_node::state {
  state(storage::ledger_store& store, const crypto::node_identity& identity,
        const ledger_node_options& options)
      : ledger(store, identity, options, 1),
        port(ledger.system(), ledger.node()) {}

  ledger_system ledger;
  ledger_port port;
};

ledger_node::ledger_node(storage::ledger_store& store,
                         const crypto::node_identity& identity,
                         const ledger_node_options& options)
    : state_(std::make_unique<state>(store, identity, options)) {}

ledger_node::~ledger_node() = default;

std::future<ledger_answer> ledger_node::submit(std::string text) {
  return state_->port.submit(std::move(text));
}

void ledger_node::submit(std::string text,
                         std::function<void(ledger_answer)> answer) {
  state_->port.submit(std::move(text), std::move(answer));
}

ledger_counters ledger_node::counters() const {
  return state_->ledger.counters();
}

std::uint16_t ledger_node::port() const noexcept {
  return state_->ledger.port();
}

std::uint64_t ledger_node::connected() const noexcept {
  return state_->ledger.tally().connected;
}

const std::string& ledger_node::keys() const noexcept {
  return state_->ledger.keys();
}

std::string ledger_node::failure() const { return state_->ledger.failure(); }

} // namespace chancery::actors
