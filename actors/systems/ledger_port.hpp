// SPDX-License-Identifier: Apache-2.0
#pragma once

// Connects threads without actors to the ledger's node: they put texts into an
// inbox, and a small actor submits them in their order. Every text gets its
// answer, as the node answers every request, even after a failure.

#include "actors/ledger/ledger_messages.hpp"
#include "actors/systems/ledger_answer.hpp"

#include <caf/fwd.hpp>
#include <caf/typed_actor.hpp>

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace chancery::actors {

/// A text on its way to the node, and who takes its answer.
struct handed_in {
  std::string text;
  std::function<void(ledger_answer)> answer;
};

/// Any thread.
class ledger_inbox {
 public:
  /// True if it was empty: its reader must be woken.
  bool put(handed_in item);
  /// Everything, in the order in which it was put.
  std::vector<handed_in> take();

 private:
  std::mutex mutex_;
  std::vector<handed_in> items_;
};

using ledger_port_actor = caf::typed_actor<
    // Submits what is in the inbox to the node.
    caf::reacts_to<submit_atom>,
    // Ends once every submitted text is answered.
    caf::reacts_to<close_atom>>;

class ledger_port {
 public:
  ledger_port(caf::actor_system& system, node_actor node);
  ledger_port(const ledger_port&) = delete;
  ledger_port& operator=(const ledger_port&) = delete;
  /// Its actor ends when every submitted text is answered.
  ~ledger_port();

  /// Any thread. The order of calls is the order of arrival. `answer` is called
  /// once, on the actor's thread: it must not throw or wait.
  void submit(std::string text, std::function<void(ledger_answer)> answer);
  /// The same for a thread that waits.
  std::future<ledger_answer> submit(std::string text);

 private:
  std::shared_ptr<ledger_inbox> inbox_ = std::make_shared<ledger_inbox>();
  ledger_port_actor actor_;
};

} // namespace chancery::actors
