// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verifies all stored signatures that some workers made in one epoch: the
// batches whose lease the journal lent to them. For the end of a run in which
// one of them handed in a wrong signature. Only reads; the caller is the only
// writer, and does not write meanwhile.

#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace chancery::actors {

struct worker_check_result {
  std::uint64_t checked = 0;                ///< signatures
  std::uint64_t wrong = 0;                  ///< of them that do not verify
  std::optional<std::uint64_t> first_wrong; ///< the lowest such record id
};

/// `workers`: names in their certificates. `stop` ends it early.
worker_check_result check_workers(const storage::record_store& store,
                                  const crypto::public_keyring& keys,
                                  std::uint32_t epoch,
                                  const std::set<std::string>& workers,
                                  std::size_t threads,
                                  const std::atomic<bool>& stop);

} // namespace chancery::actors
