// SPDX-License-Identifier: Apache-2.0
#pragma once

// When a writer commits what waits in it: at once after a quiet time, else when
// the interval since the last commit began is over. "At once" is still a
// message of the writer to itself, so that what is in its mailbox already comes
// along. For record_writer and ledger_writer; one actor's thread.

#include "actors/base/messages.hpp"

#include <caf/actor_clock.hpp>

#include <chrono>

namespace chancery::actors {

/// At most one commit in this time while work flows: a commit costs a disk
/// sync, whatever it holds. Measured: with it every batch size from 1 up
/// reaches 0.95 of the raw signing rate or more.
inline constexpr std::chrono::milliseconds commit_interval{10};

class commit_schedule {
 public:
  /// Something waits: a commit_atom will come, if none is on its way.
  template <class Pointer>
  void ask(Pointer self) {
    if (asked_)
      return;
    asked_ = true;
    const auto now = self->clock().now();
    if (now >= next_)
      self->send(self, commit_atom_v);
    else
      self->delayed_send(self, next_ - now, commit_atom_v);
  }

  /// The commit_atom came, or somebody does not wait for it.
  void answered() { asked_ = false; }

  /// A commit begins.
  template <class Pointer>
  void begin(Pointer self) {
    next_ = self->clock().now() + commit_interval;
  }

 private:
  bool asked_ = false;
  caf::actor_clock::time_point next_{};
};

} // namespace chancery::actors
