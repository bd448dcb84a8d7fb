// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a store knows of the certificates of its keys: the chain that names a
// key now, and the lists of revocations, judged at any time. Chains that share
// issuers are read once.
//
// Holds copies, so that the snapshot may end. One thread at a time.

#include "crypto/certificates/certificate.hpp"
#include "crypto/certificates/certificate_state.hpp"
#include "crypto/certificates/path_finding.hpp"
#include "crypto/certificates/revocation_list.hpp"
#include "crypto/keys/key.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace chancery::actors {

/// Leaf, issuers, and the root that was trusted when it was stored.
struct stored_chain {
  crypto::certificate leaf;
  std::vector<crypto::certificate> issuers;
  crypto::certificate root;
};

class certificate_book {
 public:
  /// Throws std::runtime_error, as the others do, when a stored certificate or
  /// list cannot be read.
  explicit certificate_book(const storage::snapshot& view);

  const std::vector<crypto::revocation_list>& lists() const noexcept {
    return lists_;
  }

  /// The chain that names the key now.
  std::optional<stored_chain> current(const storage::snapshot& view,
                                      const crypto::key_id& key);

  /// Throws storage::corrupt when it is not there.
  stored_chain chain_of(const storage::snapshot& view,
                        const crypto::certificate_id& leaf);

  /// Whether the chain holds at `at`, in seconds since 1970, as far as the
  /// lists go.
  crypto::path_finding judge(const stored_chain& chain, std::int64_t at) const;

 private:
  const crypto::certificate& read(std::span<const std::byte> der);

  std::vector<crypto::revocation_list> lists_;
  std::map<crypto::certificate_id, crypto::certificate> known_;
};

/// Each authority of each chain in the store, once.
std::vector<crypto::certificate>
stored_authorities(const storage::snapshot& view);

} // namespace chancery::actors
