// SPDX-License-Identifier: Apache-2.0
#pragma once

// One connection of a client's host, at the node: the only actor that such a
// host can reach. It refuses every question before a valid hello, and forwards
// questions to the node in its own requests, because a peer that had the node's
// handle could end the node. Requests under way are limited, so a host that
// asks faster than the node answers gets `busy`. When the node ends, it answers
// every open request and ends, too. It also ends, and with it the connection,
// for a hello that is refused or does not come within 10 s, and for a message
// that the protocol does not have. The reason of its end is then a fault with
// the sentence for the node's log.

#include "actors/ledger/forwarder.hpp"
#include "actors/ledger/ledger_messages.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace chancery::actors {

struct ledger_gateway_config {
  node_actor node;
  std::string peer;       ///< the name in the other side's certificate
  ledger_welcome welcome; ///< answer to a valid hello
  forward_limits limits{256, std::size_t{16} << 20};
  /// Counts open connections that sent a valid hello.
  std::atomic<std::uint64_t>* connected = nullptr;
};

/// A gateway's whole interface.
using timed_ledger_gateway_actor = ledger_gateway_actor::extend<
    // To itself: the time for the hello is over.
    caf::reacts_to<tick_atom>>;

class ledger_gateway_state {
 public:
  using pointer =
      timed_ledger_gateway_actor::stateful_pointer<ledger_gateway_state>;
  static inline const char* name = "ledger_gateway";

  explicit ledger_gateway_state(pointer self) : self_(self) {}
  ledger_gateway_state(const ledger_gateway_state&) = delete;
  ledger_gateway_state& operator=(const ledger_gateway_state&) = delete;
  ~ledger_gateway_state();

  void start(ledger_gateway_config config);
  caf::result<ledger_welcome> greet(const hello& theirs);
  void expired();
  caf::error refuse(std::string why);

  template <class Answer, class... Ts>
  caf::typed_response_promise<Answer> ask(Ts... xs) {
    if (greeted_)
      return forwarder_->forward<Answer>(config_.node, std::move(xs)...);
    auto answer = self_->make_response_promise<Answer>();
    answer.deliver(make_fault(fault::refused, "hello must be sent first"));
    return answer;
  }

 private:
  using forwarder_type = forwarder<timed_ledger_gateway_actor::base>;

  void stop(caf::error reason);

  pointer self_;
  ledger_gateway_config config_;
  std::optional<forwarder_type> forwarder_;
  bool greeted_ = false;
};

timed_ledger_gateway_actor::behavior_type
ledger_gateway(ledger_gateway_state::pointer self,
               ledger_gateway_config config);

} // namespace chancery::actors
