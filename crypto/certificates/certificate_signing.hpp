// SPDX-License-Identifier: Apache-2.0
#pragma once

// How an authority of ours signs, for .cpp files of crypto/certificates: the
// cluster's and the one for trials. The hash follows the authority's curve.
// Botan's types are declared instead of included. Pure functions; any thread.

#include "crypto/base/random.hpp"
#include "crypto/keys/key.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace Botan {
class Extensions;
class X509_DN;
} // namespace Botan

namespace chancery::crypto {

/// A certificate's contents, except its serial number and signature.
struct certificate_statement {
  const public_key& key;
  const Botan::X509_DN& issuer;
  const Botan::X509_DN& subject;
  std::chrono::system_clock::time_point begin;
  std::chrono::system_clock::time_point end;
  const Botan::Extensions& extensions;
};

/// DER, with a serial number of 127 random bits.
std::vector<std::byte> sign_certificate(const certificate_statement& stated,
                                        const private_key& authority,
                                        const random_source& random);

/// What the extension of that name states for a key.
std::vector<std::uint8_t> subject_key_id_of(const public_key& key);

/// "SHA-256" or "SHA-384", as the records that are signed on this curve.
const char* hash_name(curve c) noexcept;

} // namespace chancery::crypto
