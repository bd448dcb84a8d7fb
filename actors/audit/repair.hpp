// SPDX-License-Identifier: Apache-2.0
#pragma once

// Withdraws stored signatures that do not verify, so that the next run signs
// their records again. A signature that verifies is never withdrawn. The caller
// holds the folder's lock.

#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace chancery::actors {

/// Inclusive.
struct id_range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  friend bool operator==(const id_range&, const id_range&) = default;
};

struct withdrawal_terms {
  std::uint64_t time_ms = 0; ///< now, since 1970
  std::string reason{};      ///< see storage::is_withdrawal_reason
};

struct repair_result {
  std::uint64_t withdrawn = 0;
  std::uint64_t batches = 0; ///< from which something was withdrawn
  std::uint64_t verified = 0;
  std::uint64_t unsigned_records = 0;
  /// Signed, but in no batch, without a record, or by a key that the keyring
  /// does not have: whether they are wrong is not known.
  std::uint64_t unknown = 0;
};

/// Does it in one transaction. `ids` are in order and do not overlap. Throws
/// std::invalid_argument, and changes nothing, for ids without a record and for
/// no readable reason.
repair_result withdraw_wrong(storage::record_store& store,
                             const crypto::public_keyring& keys,
                             std::span<const id_range> ids,
                             const withdrawal_terms& terms);

} // namespace chancery::actors
