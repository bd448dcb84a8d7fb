// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the records of units and hashes them, many at a time. Whoever signs, or
// sends to another host, has one of its own, so that nobody waits for one
// thread that hashes. It keeps no snapshot between two units: the database may
// reuse its pages meanwhile. One thread at a time.

#include "actors/signing/unit.hpp"
#include "crypto/base/curve.hpp"
#include "crypto/base/hash.hpp"
#include "storage/record_store.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace chancery::actors {

class unit_hasher {
 public:
  unit_hasher(const storage::record_store& store, crypto::curve curve);

  /// The digests of all records of these batches, in the order of the batches,
  /// then of the ids. Throws storage::corrupt when a record is missing.
  std::string digests_of(std::span<const unit_batch> batches);

 private:
  const storage::record_store* store_;
  crypto::record_hasher hasher_;
  std::vector<std::span<const std::byte>> records_;
};

} // namespace chancery::actors
