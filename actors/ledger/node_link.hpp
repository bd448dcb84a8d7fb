// SPDX-License-Identifier: Apache-2.0
#pragma once

// The ledger's node as an actor on a client's host: it has the node's own
// interface, so that clients need not know of hosts. It keeps the connection to
// a gateway at the node (ledger_gateway.hpp), and passes questions on to it.
//
//   dial ──ok──► hello ──ok──► linked ──lost──► wait ──► dial
//     └──failed──► wait          │hello refused, or another node: the end
//
// While it is not linked, and for questions under way when the link is lost,
// the answer is the refusal `busy`: ask again later. The same for every error
// that is no refusal, as it tells of the node's end, and nodes come back. After
// the end the answer is why the node refused this host. It waits before it
// dials again (backoff.hpp). What it tells, it tells once for each change and
// not for each try.

#include "actors/base/backoff.hpp"
#include "actors/base/milliseconds.hpp"
#include "actors/ledger/forwarder.hpp"
#include "actors/ledger/ledger_messages.hpp"
#include "crypto/base/random.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace chancery::actors {

enum class link_state {
  lost,   ///< or not there yet: it goes on trying
  linked, ///< questions reach the node
  ended,  ///< refused for good
};

struct node_link_config {
  connector_actor connector;
  hello greeting;                     ///< what this host says of itself
  std::optional<crypto::key_id> node; ///< nothing: the first one that answers
  crypto::random_source random;       ///< for the waits
  /// A change, and for `lost` and `ended` why. On this actor's thread.
  std::function<void(link_state, const std::string&)> tell;
  /// A question's time limit, behind which a client has given up.
  std::chrono::milliseconds answer_timeout{10'000};
  /// A connector tries for 10 s.
  std::chrono::milliseconds dial_timeout{15'000};
  std::chrono::milliseconds hello_timeout{10'000};
  forward_limits waiting{20'000, std::size_t{64} << 20};
};

class node_link_state {
 public:
  using pointer = node_link_actor::stateful_pointer<node_link_state>;
  static inline const char* name = "node_link";

  explicit node_link_state(pointer self) : self_(self) {}

  void start(node_link_config config);
  void dial();

  template <class Answer, class... Ts>
  caf::typed_response_promise<Answer> ask(Ts... xs) {
    if (gateway_)
      return forwarder_->forward<Answer>(gateway_, std::move(xs)...);
    auto answer = self_->make_response_promise<Answer>();
    answer.deliver(refused_ ? refused_ : not_linked());
    return answer;
  }

 private:
  using forwarder_type = forwarder<node_link_actor::base>;

  static caf::error not_linked();
  void greet(const caf::strong_actor_ptr& peer);
  void welcomed(const ledger_gateway_actor& gateway,
                const ledger_welcome& answer);
  void hello_failed(const caf::error& e);
  void lost(const std::string& why);
  void end(const std::string& why);
  milliseconds next_wait();
  void tell(link_state now, const std::string& why);

  pointer self_;
  node_link_config config_;
  std::optional<forwarder_type> forwarder_;
  ledger_gateway_actor gateway_; ///< empty unless linked
  backoff waits_;
  caf::error refused_; ///< set when the node refused this host for good
  std::optional<link_state> told_;
};

node_link_actor::behavior_type node_link(node_link_state::pointer self,
                                         node_link_config config);

} // namespace chancery::actors
