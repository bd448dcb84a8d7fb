// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signs on a worker's host for a coordinator elsewhere. All that it needs
// crosses the network in one request a unit: the signatures of the last one go
// out with the keys that come back, and the next unit comes in with its leases.
// It keeps as many units under way as the line needs (work_window.hpp), signs
// chunk by chunk, and asks for more time before leases run out. What it cannot
// sign in time it throws away.
//
// It ends without an error when the coordinator has nothing left or it was told
// to drain, and with one when the connection is not what it should be; whoever
// made it then connects anew. Spawn it detached, one per core: signing blocks
// its thread.

#include "actors/base/milliseconds.hpp"
#include "actors/cluster/cluster_messages.hpp"
#include "actors/cluster/work_window.hpp"
#include "actors/cluster/worker_progress.hpp"
#include "actors/signing/unit_signing.hpp"
#include "crypto/keyring/vault.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace chancery::actors {

/// A request that has no answer after so long is a lost connection: the
/// coordinator answers within 4 s, and a slow line may need its time.
inline constexpr milliseconds gateway_timeout{60'000};

/// How long a signer waits that was told `busy`.
inline constexpr milliseconds busy_pause{200};

struct remote_signer_config {
  std::shared_ptr<crypto::vault> vault;
  std::function<milliseconds()> now; ///< the vault's clock
  std::uint32_t units_max = 2;
  std::uint32_t leases_per_unit = 1;
  milliseconds ttl{0};
  worker_progress* progress = nullptr;
};

class remote_signer_state {
 public:
  using pointer = remote_signer_actor::stateful_pointer<remote_signer_state>;
  static inline const char* name = "remote_signer";

  explicit remote_signer_state(pointer self) : self_(self) {}

  void configure(remote_signer_config config, gateway_actor gateway);
  void start();
  void step();
  void drain();

 private:
  struct held_unit {
    std::string batches;
    std::string leases;
    unit_signing signing;
    milliseconds asked;
    bool renewing = false;
  };

  void ask_for_more();
  void ask(work_request request);
  void failed(caf::error reason);
  void arrived(work_answer& answer, milliseconds asked);
  void take(work_answer& answer, milliseconds asked);
  void sign_chunk();
  void hand_in();
  void give_back(const std::string& leases);
  void renew_where_due();
  void renewed(const grant& g, std::uint64_t first_fence, milliseconds asked);
  void schedule_step();
  void give_up(caf::error reason);
  void end_if_over();

  pointer self_;
  remote_signer_config config_;
  gateway_actor gateway_;
  std::optional<crypto::vault::session> session_;
  std::optional<work_window> window_;
  std::deque<held_unit> units_;
  std::uint32_t asked_ = 0; // requests for work without an answer
  std::uint32_t told_ = 0;  // other requests without an answer
  bool stepping_ = false;
  bool over_ = false; // asks for no more work
};

remote_signer_actor::behavior_type
remote_signer(remote_signer_state::pointer self, remote_signer_config config,
              gateway_actor gateway);

} // namespace chancery::actors
