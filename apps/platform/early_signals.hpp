// SPDX-License-Identifier: Apache-2.0
#pragma once

// The signals that stop a command (SIGINT, SIGTERM, SIGHUP), before and after
// its signal_watch exists: they are kept for the watch instead of ending the
// process, so that a stop has the same exit code at any moment. What hangs ends
// all the same: a second signal ends the process with exit code 1 at once, one
// alone after 10 s. Main thread, while there is no other thread.

#include <csignal>

namespace chancery::apps {

/// The signals above, without SIGHUP when it is ignored, as under nohup.
sigset_t stopping_signals();

/// Keeps signals from now on. Call it first in main.
void hold_signals();

/// The command has no watch: from now on signals end the process, and at once
/// if one was kept.
void release_signals();

/// For a watch, which has blocked the signals: ends the keeping.
struct held_signals {
  bool holding = false; ///< hold_signals() was in force
  bool stopped = false; ///< a signal was kept
};
held_signals take_held_signals();

} // namespace chancery::apps
