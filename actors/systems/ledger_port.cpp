// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/ledger_port.hpp"

#include "actors/base/detached.hpp"

#include <caf/actor_system.hpp>
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

// Shared with the actor, which may outlive the port.
class ledger_port::state {
 public:
  caf::behavior behavior(caf::event_based_actor* self, const node_actor& node) {
    return {
        [this, self, node](submit_atom) { hand_on(self, node); },
        [this, self](close_atom) {
          closing_ = true;
          quit_when_done(self);
        },
    };
  }

  std::future<ledger_answer> submit(const caf::actor& actor, std::string text) {
    auto answer = std::make_shared<std::promise<ledger_answer>>();
    auto future = answer->get_future();
    // Both under the lock, so that inbox and mailbox have the same order.
    const std::scoped_lock lock(mutex_);
    inbox_.push_back({std::move(text), std::move(answer)});
    caf::anon_send(actor, submit_atom_v);
    return future;
  }

 private:
  struct handed_in {
    std::string text;
    std::shared_ptr<std::promise<ledger_answer>> answer;
  };

  void hand_on(caf::event_based_actor* self, const node_actor& node) {
    handed_in next;
    {
      const std::scoped_lock lock(mutex_);
      next = std::move(inbox_.front());
      inbox_.pop_front();
    }
    ++outstanding_;
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
              answer->set_value(to_answer(e));
              answered(self);
            });
  }

  void answered(caf::event_based_actor* self) {
    --outstanding_;
    quit_when_done(self);
  }

  void quit_when_done(caf::event_based_actor* self) const {
    if (closing_ && outstanding_ == 0)
      self->quit();
  }

  std::mutex mutex_; // guards inbox_
  std::deque<handed_in> inbox_;
  // Used on the actor's thread only.
  std::size_t outstanding_ = 0;
  bool closing_ = false;
};

ledger_port::ledger_port(caf::actor_system& system, node_actor node)
    : state_(std::make_shared<state>()),
      actor_(spawn_detached(system, [kept = state_, node = std::move(node)](
                                        caf::event_based_actor* self) {
        // Keeps the state alive as long as the actor.
        self->attach_functor([kept](const caf::error&) {});
        return kept->behavior(self, node);
      })) {}

ledger_port::~ledger_port() { caf::anon_send(actor_, close_atom_v); }

std::future<ledger_answer> ledger_port::submit(std::string text) {
  return state_->submit(actor_, std::move(text));
}

} // namespace chancery::actors
