// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/ledger_port.hpp"

#include "actors/base/detached.hpp"
#include "actors/base/quiet.hpp"

#include <caf/actor_system.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

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

class ledger_port_state {
 public:
  using pointer = ledger_port_actor::stateful_pointer<ledger_port_state>;
  static inline const char* name = "ledger_port";

  explicit ledger_port_state(pointer self) : self_(self) {}

  void start(node_actor node) { node_ = std::move(node); }

  void submit(const handed_in& item) {
    ++outstanding_;
    self_->request(node_, caf::infinite, submit_atom_v, item.text)
        .then(
            [this, answer = item.answer](acknowledgement& ack) {
              answer->set_value({std::move(ack.receipt),
                                 std::move(ack.registered),
                                 std::nullopt,
                                 {}});
              answered();
            },
            [this, answer = item.answer](const caf::error& e) {
              answer->set_value(to_answer(e));
              answered();
            });
  }

  void close() {
    closing_ = true;
    quit_when_done();
  }

 private:
  void answered() {
    --outstanding_;
    quit_when_done();
  }

  void quit_when_done() {
    if (closing_ && outstanding_ == 0)
      self_->quit();
  }

  pointer self_;
  node_actor node_;
  std::size_t outstanding_ = 0;
  bool closing_ = false;
};

ledger_port_actor::behavior_type port_of(ledger_port_state::pointer self,
                                         node_actor node) {
  keep_quiet(self);
  self->state.start(std::move(node));
  return {
      [self](submit_atom, const handed_in& item) { self->state.submit(item); },
      [self](close_atom) { self->state.close(); },
  };
}

} // namespace

ledger_port::ledger_port(caf::actor_system& system, node_actor node)
    : actor_(spawn_detached(system, port_of, std::move(node))) {}

ledger_port::~ledger_port() { caf::anon_send(actor_, close_atom_v); }

// One thread's messages keep their order in the mailbox, and calls that overlap
// have none.
std::future<ledger_answer> ledger_port::submit(std::string text) {
  auto promise = std::make_shared<std::promise<ledger_answer>>();
  auto future = promise->get_future();
  caf::anon_send(actor_, submit_atom_v,
                 handed_in{std::move(text), std::move(promise)});
  return future;
}

} // namespace chancery::actors
