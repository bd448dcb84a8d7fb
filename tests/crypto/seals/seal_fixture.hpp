// SPDX-License-Identifier: Apache-2.0
#pragma once

// An authority, a signer and a time-stamping authority that the openssl command
// line made, to write seals of any header. Made once a process.

#include "crypto/base/curve.hpp"
#include "crypto/certificates/certificate.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/seals/seal_check.hpp"
#include "tests/crypto/fixture.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::crypto::test {

class seal_maker {
 public:
  static const seal_maker& on(curve c);

  explicit seal_maker(curve c);

  const certificate& root() const { return root_; }
  const certificate& signer() const { return signer_; }

  /// Within the certificates' dates.
  std::int64_t time() const { return signer_.not_before() + 60; }

  /// The protected header as a seal has it; `more` are members behind its own,
  /// each with a comma before it, `issuers` what follows the signer in x5c.
  std::string header(std::string_view more = {},
                     std::span<const certificate> issuers = {}) const;

  /// base64url of header and record, with a dot between them, signed.
  std::string compact(std::string_view header, std::string_view record) const;

  /// "signing input.signature" of any text.
  std::string signed_text(std::string input) const;

  /// A token of openssl's ts over a text, DER.
  std::string token(std::string_view stamped,
                    const std::string& digest = "sha256") const;

  /// The same by libcrypto, at any time in seconds since 1970.
  std::string token_at(std::string_view stamped, std::int64_t time) const;

  /// Of the signer's name, and ended yesterday.
  certificate ended() const;

  /// Roots and time() filled in.
  seal_check_options options() const;

 private:
  curve curve_;
  temp_folder folder_;
  certificate root_;
  certificate signer_;
  private_key key_;
};

/// Flattened JSON of a compact seal; `unprotected` is the JSON of "header".
std::string flattened(std::string_view compact, std::string_view unprotected);

/// The last part of a compact seal.
std::string signature_part(std::string_view compact);

/// Standard base64.
std::string base64(std::string_view bytes);

/// Whether exactly one rule fails, with a sentence that has `part`; else what
/// failed is in the test's log.
bool breaks_rule(const seal_report& report, int rule, std::string_view part);

/// All failures, as "rule: sentence" lines.
std::string failures_of(const seal_report& report);
std::string warnings_of(const seal_report& report);

} // namespace chancery::crypto::test
