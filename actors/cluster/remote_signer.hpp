// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signs on a worker's host for a coordinator elsewhere. Each unit costs one
// request: it hands in the signatures of the last unit and returns its keys,
// and the answer brings the next unit with its leases. The signer keeps as many
// units outstanding as the network needs (work_window.hpp), signs chunk by
// chunk, and renews leases before they run out. It discards what it cannot sign
// in time.
//
// It quits without an error when the coordinator has nothing left or after a
// drain, and with an error when the connection fails or misbehaves; its owner
// then reconnects. Spawn it detached, one per core: signing blocks its thread.

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

/// A request without an answer after this time is a lost connection. The
/// coordinator answers within 4 s; the rest is for a slow network.
inline constexpr milliseconds gateway_timeout{60'000};

/// Pause of a signer after `busy`.
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
