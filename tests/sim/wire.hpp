// SPDX-License-Identifier: Apache-2.0
#pragma once

// A connection between a worker's host and the coordinator's, made of two
// actors: the one on the worker's host takes the place of the gateway, the one
// on the coordinator's host asks the real gateway. Messages stay on the wire
// for a time that the simulation chooses, in order, and are lost when the wire
// is cut. Each side notices a cut when the simulation says so.

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

/// The messages on a wire in one direction.
struct wire_lane {
  struct letter {
    std::chrono::milliseconds due;
    std::function<void()> deliver; ///< in the actor at the other end
  };
  std::deque<letter> letters;
  std::deque<std::function<void()>> arrived;
  bool cut = false; ///< further messages are lost
};

class wire {
 public:
  using clock = std::function<std::chrono::milliseconds()>;
  /// Travel time of the next letter.
  using delay = std::function<std::chrono::milliseconds()>;
  /// Changes what the worker hands in.
  using tamper = std::function<void(actors::work_request&)>;

  /// `answered` gets the time that the wire kept each answer that is not an
  /// error.
  wire(sim_host& worker, sim_host& coordinator, actors::gateway_actor gateway,
       clock now, delay travel,
       std::function<void(std::chrono::milliseconds)> answered, tamper spoil);
  ~wire();

  const near_end_actor& handle() const { return near_; }

  /// Delivers what is due. False when nothing was.
  bool deliver();

  /// Discards what is on the wire.
  void cut();
  /// Lets the worker's host, or the coordinator's, notice the cut.
  void tell_worker();
  void tell_coordinator();

 private:
  // Null after tell_coordinator(): that host may then be gone.
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
