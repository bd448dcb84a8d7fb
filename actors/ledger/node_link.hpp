// SPDX-License-Identifier: Apache-2.0
#pragma once

// Represents the ledger's node on a client's host, with the node's interface,
// so that clients work with either. It keeps the connection to a gateway at the
// node (ledger_gateway.hpp) and forwards questions to it.
//
//    ┌─► dial ──ok──► hello ──ok──► linked
//    │    │failed       │no answer    │lost
//    └── wait ◄─────────┴─────────────┘
//
// It ends for good when the hello is refused or another node answers it.
//
// While it is not linked, and for questions under way when the link is lost,
// the answer is the refusal `busy`: ask again later. So is every error that is
// not a refusal: it means that the node ended or failed, and nodes are
// restarted. After the end the answer is the reason. It waits before it dials
// again (backoff.hpp), and reports each change of state once, not each attempt.

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
  lost,   ///< or not linked yet: it keeps trying
  linked, ///< questions reach the node
  ended,  ///< refused for good
};

struct node_link_config {
  connector_actor connector;
  hello greeting;                     ///< this host's hello
  std::optional<crypto::key_id> node; ///< unset: the first one that answers
  crypto::random_source random;       ///< for the waits
  /// Called at each change, for `lost` and `ended` with the reason. On this
  /// actor's thread.
  std::function<void(link_state, const std::string&)> tell;
  /// Timeout of a question: by then a client has given up.
  std::chrono::milliseconds answer_timeout{10'000};
  /// More than the 10 s for which a connector tries.
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
