// SPDX-License-Identifier: Apache-2.0
#pragma once

// A connection between a worker's host and the coordinator's, made of two
// actors: the worker's host has one that looks like the gateway, and the
// coordinator's has one that asks the real gateway in its name. What they tell
// each other lies on the wire for as long as the world likes, in order, and is
// gone when the wire is cut. Each side learns of a cut when the world says so.

#include "actors/cluster/cluster_messages.hpp"
#include "sim_host.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>

namespace chancery::tests {

using far_end_actor = caf::typed_actor<caf::reacts_to<actors::step_atom>>;
using near_end_actor =
    actors::gateway_actor::extend<caf::reacts_to<actors::step_atom>>;

/// What lies on a wire in one direction.
struct wire_lane {
  struct letter {
    std::chrono::milliseconds due;
    std::function<void()> deliver; ///< in the actor at the other end
  };
  std::deque<letter> letters;
  std::deque<std::function<void()>> arrived;
  bool cut = false; ///< nothing is put on it any more
};

class wire {
 public:
  using clock = std::function<std::chrono::milliseconds()>;
  /// How long the next letter takes.
  using delay = std::function<std::chrono::milliseconds()>;

  /// `answered` hears how long the wire kept each answer that carries work.
  wire(sim_host& worker, sim_host& coordinator, actors::gateway_actor gateway,
       clock now, delay travel,
       std::function<void(std::chrono::milliseconds)> answered);
  ~wire();

  const near_end_actor& handle() const { return near_; }

  /// Hands over what is due; whether anything was.
  bool deliver();

  /// What lies on it is gone.
  void cut();
  /// The worker's host, or the coordinator's, notices.
  void tell_worker();
  void tell_coordinator();

 private:
  // Empty once the coordinator's host was told: that host may be gone then.
  std::shared_ptr<actors::gateway_actor> gateway_;
  clock now_;
  std::shared_ptr<wire_lane> there_; // to the coordinator
  std::shared_ptr<wire_lane> back_;
  far_end_actor far_;
  near_end_actor near_;
  bool worker_told_ = false;
  bool coordinator_told_ = false;
};

} // namespace chancery::tests
