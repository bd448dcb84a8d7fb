// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signs, encrypts and checks for many clients of one node in this process: what
// has come until its own message arrives is done in one go (session_batch.hpp).
// Its queue is as long as it has clients, as each waits for its answer.
//
// Spawn several for many clients: each computes on one thread at a time.

#include "actors/ledger/ledger_messages.hpp"
#include "actors/ledger/session_batch.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chancery::actors {

class client_sealer_state {
 public:
  using pointer = client_sealer_actor::stateful_pointer<client_sealer_state>;
  static inline const char* name = "client_sealer";

  explicit client_sealer_state(pointer self) : self_(self) {}

  void start(const crypto::node_keys& node, crypto::provider p);
  caf::typed_response_promise<std::string> seal(body_to_seal body);
  caf::typed_response_promise<crypto::receipt>
  accept(receipt_to_accept receipt);
  void work();

 private:
  template <class Item, class Result>
  struct waiting_items {
    std::vector<Item> items;
    std::vector<caf::typed_response_promise<Result>> promises;
  };

  template <class Item, class Result>
  caf::typed_response_promise<Result> take(waiting_items<Item, Result>& waiting,
                                           Item item);
  template <class Item, class Result, class Job>
  void answer(waiting_items<Item, Result>& waiting, const Job& job);

  pointer self_;
  std::optional<session_batch> batch_;
  waiting_items<body_to_seal, std::string> to_seal_;
  waiting_items<receipt_to_accept, crypto::receipt> to_accept_;
  bool asked_ = false;
};

client_sealer_actor::behavior_type
client_sealer(client_sealer_state::pointer self, const crypto::node_keys& node,
              crypto::provider p);

} // namespace chancery::actors
