// SPDX-License-Identifier: Apache-2.0
#pragma once

// A list of revoked certificates (CRL, RFC 5280 section 5) that covers all
// certificates of one authority. Refused are lists of a part: differences to
// another list (delta CRLs), lists of one distribution point, and lists that
// speak for other authorities (indirect ones).
//
// A value that shares constant state: cheap to copy, and any thread may use it.

#include "crypto/certificates/certificate.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace Botan {
class X509_CRL;
} // namespace Botan

namespace chancery::crypto {

/// RFC 5280 5.3.1.
enum class revocation_reason : std::uint8_t {
  unspecified = 0,
  key_compromise = 1,
  ca_compromise = 2,
  affiliation_changed = 3,
  superseded = 4,
  cessation_of_operation = 5,
  certificate_hold = 6,
  remove_from_list = 8,
  privilege_withdrawn = 9,
  aa_compromise = 10,
};

/// As the standard spells it: "keyCompromise".
std::string_view to_text(revocation_reason reason);

/// Throws std::invalid_argument that lists the reasons for which a certificate
/// can be revoked. "removeFromCRL" is none of them.
revocation_reason revocation_reason_from_text(std::string_view text);

struct revocation {
  std::int64_t time = 0; ///< seconds since 1970
  revocation_reason reason = revocation_reason::unspecified;
};

struct revoked_certificate {
  std::string serial; ///< as certificate::serial writes it
  revocation details;
};

class revocation_list {
 public:
  /// Throws std::invalid_argument unless `der` is exactly one list in DER
  /// that can be read whole.
  explicit revocation_list(std::span<const std::byte> der);

  std::span<const std::byte> der() const noexcept;

  /// The issuer's subject key id, as the list states it; when it states none,
  /// SHA-256 of the issuer's name in DER.
  std::span<const std::byte> issuer_key_id() const noexcept;

  /// RFC 4514 text, safe to print.
  std::string issuer() const;

  /// Seconds since 1970. A list may leave out when the next one comes.
  std::int64_t this_update() const noexcept;
  std::optional<std::int64_t> next_update() const noexcept;

  /// Decimal; empty when the list has none.
  const std::string& number() const noexcept;

  /// In the list's order.
  std::span<const revoked_certificate> entries() const noexcept;

  /// `serial` is as certificate::serial writes it.
  std::optional<revocation> find(std::string_view serial) const;

  /// Whether this one replaces `other` of the same issuer: by number when both
  /// have one, else by time. Equal ones do.
  bool is_as_new_as(const revocation_list& other) const;

  /// `authority` has the issuer's name, may sign lists, and its key signed
  /// this one.
  bool is_signed_by(const certificate& authority) const;

 private:
  friend const Botan::X509_CRL& to_botan(const revocation_list& of);

  struct content;
  std::shared_ptr<const content> content_;
};

/// A file with one list, in PEM or DER. Throws std::invalid_argument.
revocation_list read_revocation_list(std::string_view file);

} // namespace chancery::crypto
