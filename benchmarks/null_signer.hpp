// SPDX-License-Identifier: Apache-2.0
#pragma once

// A signer that signs nothing: it borrows, asks for work, may read and hash the
// records, sleeps as long as signing would take, and hands in signatures of
// zeros. So the rest of the host is measured with more signers than it has
// cores. Spawn it detached.

#include "actors/signing/signing_messages.hpp"
#include "actors/signing/unit_hasher.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <sys/types.h>

namespace chancery::benchmarks {

/// The threads of all null signers.
class signer_threads {
 public:
  void add(pid_t thread) {
    const std::scoped_lock lock(mutex_);
    threads_.insert(thread);
  }
  bool contains(pid_t thread) const {
    const std::scoped_lock lock(mutex_);
    return threads_.contains(thread);
  }

 private:
  mutable std::mutex mutex_;
  std::set<pid_t> threads_;
};

struct null_signer_config {
  const storage::record_store* store = nullptr;
  crypto::curve curve = crypto::curve::p256;
  std::uint32_t leases_per_unit = 1;
  std::uint32_t units_outstanding = 2;
  bool hashes = false;
  std::chrono::nanoseconds sleep{0}; ///< for each record
  signer_threads* threads = nullptr;
};

class null_signer_state {
 public:
  using pointer = actors::signer_actor::stateful_pointer<null_signer_state>;
  static inline const char* name = "null_signer";

  explicit null_signer_state(pointer self) : self_(self) {}

  void configure(const null_signer_config& config,
                 actors::keyring_actor keyring,
                 actors::dispatcher_actor dispatcher);
  void start();

 private:
  void fetch(std::string returned);
  void work(actors::unit u);
  void pretend(std::uint64_t records);

  pointer self_;
  null_signer_config config_;
  actors::keyring_actor keyring_;
  actors::dispatcher_actor dispatcher_;
  std::optional<actors::unit_hasher> hasher_;
  std::chrono::steady_clock::time_point busy_until_;
  std::uint64_t nonce_ = 0;
  std::uint32_t chains_ = 0;
};

actors::signer_actor::behavior_type
null_signer(null_signer_state::pointer self, const null_signer_config& config,
            actors::keyring_actor keyring, actors::dispatcher_actor dispatcher);

} // namespace chancery::benchmarks
