// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is found out about a seal: an advanced electronic signature in JAdES
// (ETSI TS 119 182-1 V1.2.1). Signature, level and certificate are judged
// independently of each other; the verdict sums them up. The rules and their
// numbers are in crypto/README.md, Seals. A value; any thread.

#include "crypto/certificates/certificate.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::crypto {

/// A rule that does not hold. The sentence quotes nothing of the seal but
/// names of certificates, and can be shown as it is.
struct rule_failure {
  int rule;
  std::string sentence;

  friend bool operator==(const rule_failure&, const rule_failure&) = default;
};
using rule_failures = std::vector<rule_failure>;

/// By RFC 7515 5.2, under the key of the certificate that the seal carries.
enum class seal_signature : std::uint8_t {
  valid,
  invalid,
  unknown, ///< there is no certificate, or no record, to check it with
};

/// Of ETSI TS 119 182-1, table 1: what header, signature and tokens fulfil.
enum class seal_level : std::uint8_t { none, b_b, b_t };

/// Of the signer, at the time of judging.
enum class seal_certificate : std::uint8_t {
  valid,
  warning,       ///< valid, but not as EN 319 412-3 asks
  absent,        ///< the seal carries none
  mismatch,      ///< it is not the one that the header refers to
  malformed,     ///< x5c cannot be read
  untrusted,     ///< no path to a given root
  expired,       ///< it, or one of its issuers'
  not_yet_valid, ///< the same
  revoked,       ///< the same
};

enum class seal_verdict : std::uint8_t {
  valid,         ///< the signature holds, under a certificate of a given root
  indeterminate, ///< nothing is wrong, but something needed was not given
  invalid,       ///< a rule does not hold
};

/// "valid"; "B-B"; "not_yet_valid".
std::string_view to_text(seal_signature s) noexcept;
std::string_view to_text(seal_level l) noexcept;
std::string_view to_text(seal_certificate c) noexcept;
std::string_view to_text(seal_verdict v) noexcept;

struct seal_report {
  seal_verdict verdict = seal_verdict::invalid;
  seal_signature signature = seal_signature::unknown;
  seal_level level = seal_level::none;
  seal_certificate certificate = seal_certificate::absent;
  std::optional<crypto::certificate> signer; ///< x5c[0], whatever is wrong
  /// Seconds since 1970: what the signer claims (iat), the earliest verified
  /// token of a time-stamping authority under a given root, and the time that
  /// the certificate was judged at.
  std::optional<std::int64_t> signed_at;
  std::optional<std::int64_t> proven_at;
  std::int64_t judged_at = 0;
  std::string record; ///< what is signed, when it is inside
  rule_failures failures;
  std::vector<std::string> warnings; ///< sentences
};

} // namespace chancery::crypto
