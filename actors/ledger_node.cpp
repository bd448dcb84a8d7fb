// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger_node.hpp"

#include "actors/ledger_system.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>

#include <deque>
#include <mutex>
#include <utility>

namespace chancery::actors {

namespace {

ledger_answer to_answer(const caf::error& e) {
  ledger_answer answer;
  answer.refused = refusal_of(e).value_or(crypto::refusal::internal);
  answer.reason =
      e == caf::sec::request_receiver_down ? "the node has ended" : sentence(e);
  return answer;
}

} // namespace

// A small actor stands between threads that wait for futures and the node: its
// mailbox keeps the order in which they called.
struct ledger_node::state {
  using promise = std::shared_ptr<std::promise<ledger_answer>>;
  struct handed_in {
    std::string text;
    promise answer;
  };

  state(storage::ledger_store& store, const crypto::node_identity& identity,
        const ledger_node_options& options)
      : ledger(store, identity, options, 1),
        port(ledger.system().spawn<caf::detached>(
            [this, node = ledger.node()](caf::event_based_actor* self) {
              return behavior(self, node);
            })) {}

  ~state() {
    caf::anon_send_exit(ledger.node(), caf::exit_reason::user_shutdown);
    caf::anon_send(port, close_atom_v);
  }

  // The port has a handle of its own: it may outlive the one in `ledger`.
  caf::behavior behavior(caf::event_based_actor* self, const node_actor& node) {
    return {
        [this, self, node](submit_atom) { hand_on(self, node); },
        [this, self](close_atom) {
          closing = true;
          quit_when_done(self);
        },
    };
  }

  void hand_on(caf::event_based_actor* self, const node_actor& node) {
    handed_in next;
    {
      const std::scoped_lock lock(mutex);
      next = std::move(inbox.front());
      inbox.pop_front();
    }
    ++outstanding;
    self->request(node, caf::infinite, submit_atom_v, std::move(next.text))
        .then(
            [this, self, answer = next.answer](acknowledgement& ack) {
              answer->set_value({std::move(ack.receipt),
                                 std::move(ack.registered),
                                 std::nullopt,
                                 {}});
              answered(self);
            },
            [this, self, answer = next.answer](const caf::error& e) {
              note_failure(e);
              answer->set_value(to_answer(e));
              answered(self);
            });
  }

  // Before the answer is given, so that whoever gets it can ask for the reason.
  void note_failure(const caf::error& e) {
    if (refusal_of(e) || e == fault::closing)
      return;
    const std::scoped_lock lock(mutex);
    if (failure.empty())
      failure = to_answer(e).reason;
  }

  void answered(caf::event_based_actor* self) {
    --outstanding;
    quit_when_done(self);
  }

  void quit_when_done(caf::event_based_actor* self) const {
    if (closing && outstanding == 0)
      self->quit();
  }

  std::mutex mutex; // of the two below
  std::deque<handed_in> inbox;
  std::string failure;
  // Of the port's thread.
  std::size_t outstanding = 0;
  bool closing = false;

  ledger_system ledger;
  caf::actor port;
};

ledger_node::ledger_node(storage::ledger_store& store,
                         const crypto::node_identity& identity,
                         ledger_node_options options)
    : state_(std::make_unique<state>(store, identity, options)) {}

ledger_node::~ledger_node() = default;

std::future<ledger_answer> ledger_node::submit(std::string text) {
  auto answer = std::make_shared<std::promise<ledger_answer>>();
  auto future = answer->get_future();
  {
    // Both under the lock: the order in the inbox is the order of the messages.
    const std::scoped_lock lock(state_->mutex);
    state_->inbox.push_back({std::move(text), std::move(answer)});
    caf::anon_send(state_->port, submit_atom_v);
  }
  return future;
}

ledger_counters ledger_node::counters() const {
  return state_->ledger.counters();
}

const std::string& ledger_node::keys() const noexcept {
  return state_->ledger.keys();
}

std::string ledger_node::failure() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->failure;
}

} // namespace chancery::actors
