// SPDX-License-Identifier: Apache-2.0
#pragma once

// Connects threads that wait for futures with the ledger's node: a small actor
// whose mailbox keeps the order of their calls. Every future gets its answer,
// as the node answers every request, even after a failure.

#include "actors/ledger/ledger_messages.hpp"
#include "actors/systems/ledger_answer.hpp"

#include <caf/fwd.hpp>
#include <caf/typed_actor.hpp>

#include <future>
#include <memory>
#include <string>

namespace chancery::actors {

/// A text on its way to the node, and the promise of its answer.
struct handed_in {
  std::string text;
  std::shared_ptr<std::promise<ledger_answer>> answer;
};

} // namespace chancery::actors

// It stays in its process.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::handed_in)

namespace chancery::actors {

using ledger_port_actor = caf::typed_actor<
    // Submits the text to the node, and keeps the promise with its answer.
    caf::reacts_to<submit_atom, handed_in>,
    // Ends once every submitted text is answered.
    caf::reacts_to<close_atom>>;

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
  ledger_port_actor actor_;
};

} // namespace chancery::actors
