// SPDX-License-Identifier: Apache-2.0
#pragma once

// The subjects of many keys' certificates, as one text:
//
//   C=EE,O=Trial Invoices AS,organizationIdentifier=VATEE-123456789,
//   CN=Invoice seal {n}                                    (in one line)
//
// {n} is the key's place in the keyring, four digits from 0001, and {key} the
// first 8 characters of its id. A backslash quotes the character behind it.
// Names of attributes may have either case. The name has them in the order of
// EN 319 412-3, whatever the text's order is: C, ST, L, STREET, O, OU,
// organizationIdentifier, serialNumber, CN.
//
// An immutable value; any thread.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::crypto {

class subject_template {
 public:
  /// Throws std::invalid_argument that says what is wrong.
  explicit subject_template(std::string_view text);

  /// What validators of seals will complain about, as sentences (EN 319 412-1
  /// 5.1.4, EN 319 412-3 4.2.1).
  std::vector<std::string> warnings() const;

  /// Whether all keys get the same subject.
  bool is_constant() const noexcept;

  /// The name in DER. `number` counts from 1; `key_id` is the key's text.
  /// Throws std::invalid_argument when a value gets longer than RFC 5280
  /// allows.
  std::vector<std::byte> fill(std::size_t number,
                              std::string_view key_id) const;

 private:
  struct part {
    std::size_t attribute; ///< its place in the order above
    std::string value;     ///< with marks for {n} and {key}
  };

  const part* find(std::string_view attribute) const noexcept;

  std::vector<part> parts_;
};

/// RFC 4514 text of a name in DER, safe to print.
std::string subject_text(std::span<const std::byte> der);

} // namespace chancery::crypto
