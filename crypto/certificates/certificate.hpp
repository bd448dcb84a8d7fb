// SPDX-License-Identifier: Apache-2.0
#pragma once

// An X.509 certificate (RFC 5280) as somebody issued it: its bytes, and what
// it states. Reading judges nothing but the form; certificate_path.hpp judges
// whether it deserves trust. Other keys than P-256 and P-384 are read, as
// authorities have RSA keys.
//
// A value that shares constant state: cheap to copy, and any thread may use it.

#include "crypto/keys/key.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace Botan {
class X509_Certificate;
} // namespace Botan

namespace chancery::crypto {

/// SHA-256 of the DER.
using certificate_id = std::array<std::uint8_t, 32>;

/// Bits of the key usage (RFC 5280 4.2.1.3) that matter here.
enum class certificate_usage : std::uint8_t {
  digital_signature,
  non_repudiation, ///< contentCommitment, as newer texts call it
  sign_certificates,
  sign_lists, ///< of revocations
};

class certificate {
 public:
  /// Throws std::invalid_argument unless `der` is exactly one certificate in
  /// DER, without two extensions of a kind, and without a curve that is spelt
  /// out instead of named (RFC 5480 2.1.1).
  explicit certificate(std::span<const std::byte> der);

  std::span<const std::byte> der() const noexcept;
  const certificate_id& id() const noexcept;

  /// RFC 4514 text, safe to print: the most specific part is first.
  std::string subject() const;
  std::string issuer() const;

  /// DER of the names.
  std::span<const std::byte> subject_name() const noexcept;
  std::span<const std::byte> issuer_name() const noexcept;

  /// Hexadecimal, lower case, two digits a byte.
  std::string serial() const;

  /// Seconds since 1970, both inclusive (RFC 5280 4.1.2.5).
  std::int64_t not_before() const noexcept;
  std::int64_t not_after() const noexcept;

  /// When it is on P-256 or P-384.
  const std::optional<public_key>& key() const noexcept;

  /// Basic constraints state a CA (RFC 5280 4.2.1.9).
  bool is_authority() const noexcept;

  /// Subject and issuer are the same name, and its own key signed it.
  bool is_self_signed() const;

  /// Without the extension, every usage is allowed, and none stated.
  bool states_usage() const noexcept;
  bool allows(certificate_usage usage) const noexcept;

  /// Key identifiers of the subject and of the authority; empty when it has
  /// none (RFC 5280 4.2.1.1 and 4.2.1.2).
  std::span<const std::byte> subject_key_id() const noexcept;
  std::span<const std::byte> authority_key_id() const noexcept;

  /// Where its issuer's certificate and list of revocations are, by the
  /// extensions AIA caIssuers and CRL distribution points.
  bool names_issuer_address() const;
  bool names_list_address() const;

  bool is_signed_with_sha1() const;

  friend bool operator==(const certificate& a, const certificate& b) noexcept {
    return a.id() == b.id();
  }

 private:
  friend const Botan::X509_Certificate& to_botan(const certificate& of);

  struct content;
  std::shared_ptr<const content> content_;
};

/// All certificates of a file: PEM with any number of them and text around, or
/// one in DER. Other PEM blocks are skipped. Throws std::invalid_argument when
/// there is none, or one is damaged.
std::vector<certificate> read_certificates(std::string_view file);

} // namespace chancery::crypto
