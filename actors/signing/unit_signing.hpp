// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signs one unit chunk by chunk, so that between two chunks the caller can
// handle messages and renew leases. No actors. Belongs to one thread at a time,
// with the vault session passed to step.

#include "actors/signing/unit.hpp"
#include "crypto/base/curve.hpp"
#include "crypto/keyring/lease.hpp"
#include "crypto/keyring/vault.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace chancery::actors {

/// Digests per call of the vault: 20 ms of P-256 with libcrypto, and the most
/// work that a lease which expires during a call can cost.
inline constexpr std::size_t chunk_digests = 1'024;

/// A new signature does not verify; the text names key, record and batch.
class wrong_in_batch : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class unit_signing {
 public:
  /// Each batch is signed under the lease at the same index. Throws
  /// std::invalid_argument when the batches do not match the leases, or the
  /// digests' length does not match the batches.
  unit_signing(crypto::curve curve, crypto::lease_set leases,
               std::vector<unit_batch> batches, std::string digests);

  std::size_t size() const noexcept { return total_; } ///< digests
  bool done() const noexcept { return signed_ == total_; }
  const crypto::lease_set& leases() const noexcept { return leases_; }

  /// Takes the same leases with new terms. False, and nothing changes, when
  /// one of them is missing.
  bool renew(crypto::lease_set renewed);

  /// Signs the next chunk. Throws crypto::lease_refused, and wrong_in_batch.
  void step(crypto::vault::session& session);

  /// Call it once done(): in the digests' order.
  std::string take_signatures() { return std::move(signatures_); }

 private:
  std::string where(std::size_t index) const;

  std::size_t digest_size_;
  std::size_t signature_size_;
  crypto::lease_set leases_;
  std::vector<unit_batch> batches_;
  std::string digests_;
  std::string signatures_;
  std::size_t total_ = 0;
  std::size_t signed_ = 0;
  std::size_t batch_ = 0;    // the one being signed
  std::size_t of_batch_ = 0; // digests of it that are signed
  std::vector<crypto::leased_run> chunk_;
};

} // namespace chancery::actors
