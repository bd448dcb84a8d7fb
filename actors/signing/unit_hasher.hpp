// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the records of units and hashes them, many at a time. Whoever signs, or
// sends to another host, has one of its own, so that nobody waits for one
// thread that hashes. It keeps no snapshot between two units: the database may
// reuse its pages meanwhile. For seals it knows the headers of the epoch's
// keys. One thread at a time.

#include "actors/signing/seal_formats.hpp"
#include "actors/signing/unit.hpp"
#include "crypto/base/curve.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/base/jws_hasher.hpp"
#include "crypto/keyring/lease.hpp"
#include "crypto/keys/key_id_hash.hpp"
#include "storage/record_store.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace chancery::actors {

class unit_hasher {
 public:
  /// `seals` of the epoch; null in a raw one.
  unit_hasher(const storage::record_store& store, crypto::curve curve,
              std::shared_ptr<seal_formats> seals = nullptr);

  /// What is signed for all records of these batches, in the order of the
  /// batches, then of the ids. For seals, each batch is under the lease at the
  /// same index, and has that time; else std::invalid_argument. Throws
  /// storage::corrupt when a record or a certificate is missing, or a record is
  /// empty, which a seal cannot be over.
  std::string digests_of(std::span<const unit_batch> batches,
                         std::span<const crypto::lease> leases = {},
                         std::uint64_t time_ms = 0);

 private:
  using header = std::shared_ptr<const crypto::jades_header>;

  crypto::hash_prefix prefix_of(const storage::snapshot& view,
                                const crypto::lease& lease,
                                std::uint64_t time_ms);
  void hash(const crypto::hash_prefix* before, std::span<std::byte>& to);

  const storage::record_store* store_;
  crypto::record_hasher hasher_;
  crypto::jws_hasher seal_hasher_;
  std::shared_ptr<seal_formats> seals_;
  std::unordered_map<storage::key_name, header, crypto::key_id_hash> headers_;
  std::vector<std::span<const std::byte>> records_;
};

} // namespace chancery::actors
