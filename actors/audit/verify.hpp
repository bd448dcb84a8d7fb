// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks stored signatures against the records' bytes on several threads. No
// actors: reading needs none. Each thread has its own snapshot and renews it
// every few thousand records, so it may run during a signing run; or all share
// one, which shows one moment of such a run.

#include "actors/audit/signature_checker.hpp"
#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace chancery::actors {

struct verify_options {
  std::size_t threads = 1;
  /// Check this many records chosen evenly over the table; all when unset.
  std::optional<std::uint64_t> sample{};
  /// When set, what is verified is what this snapshot shows. It is used by one
  /// thread at a time, and not renewed meanwhile.
  const storage::snapshot* view = nullptr;
  /// Called with each wrong signature, in no order, by one thread at a time.
  /// May be empty.
  std::function<void(const wrong_signature&)> wrong{};
};

struct verify_result {
  std::uint64_t records = 0;                ///< in the table
  std::uint64_t checked = 0;                ///< signatures that were verified
  std::uint64_t unsigned_records = 0;       ///< looked at and not signed
  std::uint64_t wrong = 0;                  ///< signatures that do not verify
  std::optional<std::uint64_t> first_wrong; ///< the lowest such record id
  std::string first_wrong_why;
  double seconds = 0;
};

/// `done` counts records looked at, for a progress line; `stop` ends it early.
verify_result verify_signatures(const storage::record_store& store,
                                const crypto::public_keyring& keys,
                                const verify_options& options,
                                std::atomic<std::uint64_t>& done,
                                const std::atomic<bool>& stop);

} // namespace chancery::actors
