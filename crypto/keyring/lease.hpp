// SPDX-License-Identifier: Apache-2.0
#pragma once

// A lease is a capability: the right to sign with one key until it is given
// back or, for a remote borrower, until it expires. It carries no key. Its
// token is an HMAC under a secret that only holders of the keyring file know;
// it protects against mistakes, not against those holders.
//
// On the wire a lease is 101 bytes, integers big endian:
//
//   offset size
//        0   32  key id
//       32    8  fence: epoch << 32 | counter, only grows
//       40    1  1 if remote, else 0
//       41    4  time to live in milliseconds; 0 when local
//       45   16  instance: id of the vault that the key is lent to
//       61    8  nonce: that vault's number for this request
//       69   32  token: HMAC-SHA-256 over
//                "chancery-lease-1" || folder id || epoch id || bytes 0..68

#include "crypto/base/random.hpp"
#include "crypto/keys/key.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace chancery::crypto {

struct lease {
  static constexpr std::size_t wire_size = 101;

  key_id key{};
  std::uint64_t fence = 0;
  bool remote = false;
  std::uint32_t ttl_ms = 0;
  random_id instance{};
  std::uint64_t nonce = 0;
  std::array<std::uint8_t, 32> token{};

  friend bool operator==(const lease&, const lease&) = default;
};

/// Appends wire_size bytes to `out`.
void encode(const lease& l, std::string& out);

/// Reads one lease from exactly wire_size bytes; throws std::invalid_argument.
lease decode_lease(std::span<const std::byte> bytes);

/// Makes and checks lease tokens for one epoch of one data folder. Belongs to
/// one thread at a time.
class lease_authority {
 public:
  lease_authority(std::span<const std::byte> secret, const random_id& folder,
                  const random_id& epoch);
  lease_authority(lease_authority&&) noexcept;
  lease_authority& operator=(lease_authority&&) noexcept;
  ~lease_authority();

  /// Sets `l.token` from all its other fields.
  void sign(lease& l);

  /// Compares in constant time.
  [[nodiscard]] bool check(const lease& l);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace chancery::crypto
