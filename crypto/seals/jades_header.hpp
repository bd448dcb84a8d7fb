// SPDX-License-Identifier: Apache-2.0
#pragma once

// The protected header of JAdES seals (ETSI TS 119 182-1 V1.2.1, level B-B) of
// one key. It is the same for every batch but for the time, which stands at its
// end, so that all before it is hashed once. Byte for byte, without white space
// and in this order:
//
//   {"alg":"ES256","typ":"chancery-record+jws","cty":"json",
//    "x5t#S256":"<43>","x5c":["<leaf>","<issuer>"],"iat":1795824000}
//
// `alg` is ES384 on P-384. `cty` is missing without a content type. `x5t#S256`
// (5.1.7) is base64url of SHA-256 of the leaf's DER; `x5c` is standard base64
// of the leaf and its issuers, without the root (RFC 7515 4.1.6). `iat`
// (5.1.11) is in seconds since 1970. What is signed:
//
//   BASE64URL(header) "." BASE64URL(record)
//
// A value; any thread.

#include "crypto/base/curve.hpp"
#include "crypto/base/jws_hasher.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// As `cty` has a media type: without "application/" when no other slash
/// follows (RFC 7515 4.1.10). Throws std::invalid_argument for another text
/// than TYPE/SUBTYPE or SUBTYPE (RFC 6838 4.2), or over 127 characters.
std::string jades_content_type(std::string_view media_type);

class jades_header {
 public:
  /// `certificates` are DER: the leaf, then its issuers, without the root.
  /// `content_type` is empty or from jades_content_type. Throws
  /// std::invalid_argument when there is no certificate.
  jades_header(curve c, std::string_view content_type,
               std::span<const std::span<const std::byte>> certificates);

  std::string json(std::int64_t iat) const;

  /// BASE64URL of json().
  std::string encoded(std::int64_t iat) const;

  /// The state of the hash behind the header and the dot.
  hash_prefix hashed(std::int64_t iat) const;

 private:
  std::string constant_;  ///< up to the time
  std::size_t whole_;     ///< bytes of it that are hashed: a multiple of 3
  hash_prefix beginning_; ///< behind these in base64url
};

/// The `iat` of a time in milliseconds since 1970.
constexpr std::int64_t jades_time(std::uint64_t time_ms) {
  return static_cast<std::int64_t>(time_ms / 1'000);
}

} // namespace chancery::crypto
