// SPDX-License-Identifier: Apache-2.0
#pragma once

// What outlives an epoch of signing: the actor system, and the record writer,
// which is the only one on its store. A job has one epoch on it, a service one
// after the other. Made and destroyed on one thread.

#include "actors/signing/record_writer.hpp"
#include "actors/systems/actor_host.hpp"
#include "actors/systems/exit_watchdog.hpp"
#include "actors/systems/signing_options.hpp"

#include <cstddef>
#include <mutex>
#include <string>

namespace chancery::actors {

/// Actors that verify other hosts' signatures; 0 without a cluster.
std::size_t unit_verifiers(const signing_options& options);

class signing_host {
 public:
  /// Of the writer's settings, `nap` and `failed` are set here. Throws
  /// no_thread unless there are threads for a whole epoch.
  signing_host(const signing_options& options, record_writer_config writing);
  signing_host(const signing_host&) = delete;
  signing_host& operator=(const signing_host&) = delete;
  /// Ends the process if an actor hangs for 10 s (exit_watchdog.hpp).
  ~signing_host();

  caf::actor_system& system() noexcept { return host_.system(); }
  const record_writer_actor& writer() const noexcept { return writer_; }

  /// Why a commit failed; empty if none did. Any thread.
  std::string failure() const;

 private:
  exit_watchdog watchdog_;
  mutable std::mutex mutex_;
  std::string failure_; ///< guarded by mutex_; outlives the writer
  actor_host host_;
  record_writer_actor writer_;
};

} // namespace chancery::actors
