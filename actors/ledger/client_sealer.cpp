// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/client_sealer.hpp"

#include "actors/base/quiet.hpp"

#include <utility>
#include <variant>

namespace chancery::actors {

void client_sealer_state::start(const crypto::node_keys& node,
                                crypto::provider p) {
  batch_.emplace(node, p);
}

template <class Item, class Result>
caf::typed_response_promise<Result>
client_sealer_state::take(waiting_items<Item, Result>& waiting, Item item) {
  auto promise = self_->make_response_promise<Result>();
  waiting.items.push_back(std::move(item));
  waiting.promises.push_back(promise);
  if (!std::exchange(asked_, true))
    self_->send(self_, batch_atom_v);
  return promise;
}

caf::typed_response_promise<std::string>
client_sealer_state::seal(body_to_seal body) {
  return take(to_seal_, std::move(body));
}

caf::typed_response_promise<crypto::receipt>
client_sealer_state::accept(receipt_to_accept receipt) {
  return take(to_accept_, std::move(receipt));
}

template <class Item, class Result, class Job>
void client_sealer_state::answer(waiting_items<Item, Result>& waiting,
                                 const Job& job) {
  auto [items, promises] = std::exchange(waiting, {});
  if (items.empty())
    return;
  try {
    auto results = job(items);
    for (std::size_t i = 0; i < results.size(); ++i)
      if (auto* fault = std::get_if<session_fault>(&results[i]))
        promises[i].deliver(make_fault(fault::internal, fault->why));
      else
        promises[i].deliver(std::get<Result>(std::move(results[i])));
  } catch (...) {
    for (auto& promise : promises)
      promise.deliver(make_fault(fault::internal, caught_sentence()));
  }
}

void client_sealer_state::work() {
  asked_ = false;
  answer(to_accept_,
         [this](const auto& items) { return batch_->accept(items); });
  answer(to_seal_, [this](const auto& items) { return batch_->seal(items); });
}

client_sealer_actor::behavior_type
client_sealer(client_sealer_state::pointer self, const crypto::node_keys& node,
              crypto::provider p) {
  keep_quiet(self);
  self->state.start(node, p);
  return {
      [self](seal_atom, body_to_seal& body) {
        return self->state.seal(std::move(body));
      },
      [self](accept_atom, receipt_to_accept& receipt) {
        return self->state.accept(std::move(receipt));
      },
      [self](batch_atom) { self->state.work(); },
  };
}

} // namespace chancery::actors
