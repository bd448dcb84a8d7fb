// SPDX-License-Identifier: Apache-2.0
#pragma once

// The signing of one unit, chunk by chunk, so that whoever signs can look at
// its messages, and leases can get more time, between two chunks. No actors.
// Belongs to one thread at a time, with the vault session that it is given.

#include "actors/signing/unit.hpp"
#include "crypto/base/curve.hpp"
#include "crypto/keyring/lease.hpp"
#include "crypto/keyring/vault.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace chancery::actors {

/// Digests that one call of the vault signs: 20 ms of P-256 with libcrypto,
/// and what a lease that runs out meanwhile can still cost.
inline constexpr std::size_t chunk_digests = 1'024;

class unit_signing {
 public:
  /// Each batch is signed under the lease at its own place. Throws
  /// std::invalid_argument for batches that do not fit their leases or a length
  /// of the digests that does not fit the batches.
  unit_signing(crypto::curve curve, std::vector<crypto::lease> leases,
               std::vector<unit_batch> batches, std::string digests);

  std::size_t size() const noexcept { return total_; } ///< digests
  bool done() const noexcept { return signed_ == total_; }
  const std::vector<crypto::lease>& leases() const noexcept { return leases_; }

  /// The same leases with another token. False, and nothing changes, when one
  /// of them is missing.
  bool renew(const std::vector<crypto::lease>& renewed);

  /// Signs the next chunk. Throws crypto::lease_refused.
  void step(crypto::vault::session& session);

  /// Of a unit that is done: in the digests' order.
  std::string take_signatures() { return std::move(signatures_); }

 private:
  std::size_t digest_size_;
  std::size_t signature_size_;
  std::vector<crypto::lease> leases_;
  std::vector<unit_batch> batches_;
  std::string digests_;
  std::string signatures_;
  std::size_t total_ = 0;
  std::size_t signed_ = 0;
  std::size_t batch_ = 0;    // the next one to sign of,
  std::size_t of_batch_ = 0; // and how much of it is signed
  std::vector<crypto::leased_run> chunk_;
};

} // namespace chancery::actors
