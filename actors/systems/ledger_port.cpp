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

  void start(std::shared_ptr<ledger_inbox> inbox, node_actor node) {
    inbox_ = std::move(inbox);
    node_ = std::move(node);
  }

  void submit() {
    for (auto& item : inbox_->take())
      submit(std::move(item));
  }

  void close() {
    submit();
    closing_ = true;
    quit_when_done();
  }

 private:
  void submit(handed_in item) {
    ++outstanding_;
    self_->request(node_, caf::infinite, submit_atom_v, std::move(item.text))
        .then(
            [this, answer = item.answer](acknowledgement& ack) {
              answer({std::move(ack.receipt),
                      std::move(ack.registered),
                      std::nullopt,
                      {}});
              answered();
            },
            [this, answer = item.answer](const caf::error& e) {
              answer(to_answer(e));
              answered();
            });
  }

  void answered() {
    --outstanding_;
    quit_when_done();
  }

  void quit_when_done() {
    if (closing_ && outstanding_ == 0)
      self_->quit();
  }

  pointer self_;
  std::shared_ptr<ledger_inbox> inbox_;
  node_actor node_;
  std::size_t outstanding_ = 0;
  bool closing_ = false;
};

ledger_port_actor::behavior_type port_of(ledger_port_state::pointer self,
                                         std::shared_ptr<ledger_inbox> inbox,
                                         node_actor node) {
  keep_quiet(self);
  self->state.start(std::move(inbox), std::move(node));
  return {
      [self](submit_atom) { self->state.submit(); },
      [self](close_atom) { self->state.close(); },
  };
}

} // namespace

bool ledger_inbox::put(handed_in item) {
  const std::scoped_lock lock(mutex_);
  items_.push_back(std::move(item));
  return items_.size() == 1;
}

std::vector<handed_in> ledger_inbox::take() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(items_, {});
}

ledger_port::ledger_port(caf::actor_system& system, node_actor node)
    : actor_(spawn_detached(system, port_of, inbox_, std::move(node))) {}

ledger_port::~ledger_port() { caf::anon_send(actor_, close_atom_v); }

void ledger_port::submit(std::string text,
                         std::function<void(ledger_answer)> answer) {
  if (inbox_->put({std::move(text), std::move(answer)}))
    caf::anon_send(actor_, submit_atom_v);
}

std::future<ledger_answer> ledger_port::submit(std::string text) {
  const auto promise = std::make_shared<std::promise<ledger_answer>>();
  auto future = promise->get_future();
  submit(std::move(text), [promise](ledger_answer answer) {
    promise->set_value(std::move(answer));
  });
  return future;
}

} // namespace chancery::actors
