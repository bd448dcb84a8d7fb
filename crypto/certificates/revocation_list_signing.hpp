// SPDX-License-Identifier: Apache-2.0
#pragma once

// How an authority of ours writes and signs a list of revocations (RFC 5280
// section 5.1), for .cpp files of crypto/certificates. Botan's own writer reads
// the clock and takes 32-bit numbers. Pure functions; any thread.

#include "crypto/base/random.hpp"
#include "crypto/certificates/certificate.hpp"
#include "crypto/certificates/revocation_list.hpp"
#include "crypto/keys/key.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace chancery::crypto {

struct list_statement {
  const certificate& authority;
  std::chrono::system_clock::time_point this_update;
  std::chrono::system_clock::time_point next_update;
  std::uint64_t number = 1;
  std::vector<revoked_certificate> entries;
};

/// The number of the list behind `last`. Throws std::invalid_argument unless
/// that has a number of 64 bits.
std::uint64_t number_after(const revocation_list& last);

/// DER.
std::vector<std::byte> sign_revocation_list(const list_statement& stated,
                                            const private_key& authority,
                                            const random_source& random);

} // namespace chancery::crypto
