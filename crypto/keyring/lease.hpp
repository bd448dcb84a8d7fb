// SPDX-License-Identifier: Apache-2.0
#pragma once

// A lease is a capability: the right to sign with one key until it is given
// back or, for a remote borrower, until it expires. It carries no key. The
// leases of one unit of work are lent together, as a set with one token: an
// HMAC under a secret that only holders of the keyring file know. It protects
// against mistakes, not against those holders.
//
// On the wire, integers big endian:
//
//   offset size
//        0   32  token: HMAC-SHA-256 over
//                "chancery-lease-3" || folder id || epoch id || all from 32 on
//       32    1  1 if remote, else 0
//       33    1  what the keys may sign: 0 raw records, 1 seals
//       34    4  time to live in milliseconds; 0 when local
//       38   16  instance: id of the vault that the keys are lent to
//       54    8  nonce: that vault's number for this request
//       62       the leases, each 40 bytes:
//            32  key id
//             8  fence: epoch << 32 | counter, only grows
//
// No lease at all is no bytes at all.

#include "crypto/base/random.hpp"
#include "crypto/keyring/keyring_purpose.hpp"
#include "crypto/keys/key.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::crypto {

struct lease {
  static constexpr std::size_t wire_size = 40;

  key_id key{};
  std::uint64_t fence = 0;

  friend bool operator==(const lease&, const lease&) = default;
};

/// Leases that were lent together, and their common terms.
struct lease_set {
  static constexpr std::size_t terms_size = 62; ///< what is before the leases

  std::array<std::uint8_t, 32> token{};
  bool remote = false;
  keyring_purpose purpose = keyring_purpose::raw;
  std::uint32_t ttl_ms = 0;
  random_id instance{};
  std::uint64_t nonce = 0;
  std::vector<lease> leases{};

  friend bool operator==(const lease_set&, const lease_set&) = default;
};

/// The set's wire form; empty for one without a lease.
std::string encode(const lease_set& set);

/// Throws std::invalid_argument for anything that encode does not return.
lease_set decode_leases(std::string_view bytes);

/// Makes and checks lease tokens for one epoch of one data folder. Belongs to
/// one thread at a time.
class lease_authority {
 public:
  lease_authority(std::span<const std::byte> secret, const random_id& folder,
                  const random_id& epoch);
  lease_authority(lease_authority&&) noexcept;
  lease_authority& operator=(lease_authority&&) noexcept;
  ~lease_authority();

  /// Sets the token from all other fields.
  void sign(lease_set& set);

  /// Compares in constant time.
  [[nodiscard]] bool check(const lease_set& set);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace chancery::crypto
