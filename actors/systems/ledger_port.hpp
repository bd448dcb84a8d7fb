// SPDX-License-Identifier: Apache-2.0
#pragma once

// Connects threads that wait for futures with the ledger's node: a small actor
// whose mailbox keeps the order of their calls. Every future gets its answer,
// as the node answers every request, even after a failure.

#include "actors/ledger/ledger_messages.hpp"
#include "actors/systems/ledger_answer.hpp"

#include <caf/actor.hpp>

#include <future>
#include <memory>
#include <string>

namespace chancery::actors {

class ledger_port {
 public:
  ledger_port(caf::actor_system& system, node_actor node);
  ledger_port(const ledger_port&) = delete;
  ledger_port& operator=(const ledger_port&) = delete;
  /// Its actor ends when every submitted text is answered.
  ~ledger_port();

  /// Any thread. The order of calls is the order of arrival.
  std::future<ledger_answer> submit(std::string text);

 private:
  class state;

  std::shared_ptr<state> state_;
  caf::actor actor_;
};

} // namespace chancery::actors
