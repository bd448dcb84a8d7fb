// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who may use the API: a file with a line for each token or client certificate.
//
//   NAME SCOPES HASH [prefix=TEXT] [UNTIL]
//
//   NAME    1 to 64 letters, digits, hyphens, dots and underscores; each once
//   SCOPES  submit, read and metrics, separated by commas
//   HASH    SHA-256 of the token, or cert: and the SHA-256 of a certificate's
//           SubjectPublicKeyInfo; base64url. So the file opens nothing.
//   TEXT    the token may post and read only names that begin with it
//   UNTIL   RFC 3339 in UTC: the token expires then
//
// Text after a # is ignored. Pure values; any thread.

#include "crypto/base/random.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::apps {

enum class scope : std::uint8_t { submit = 1, read = 2, metrics = 4 };

std::string_view to_text(scope s) noexcept;

/// A set of scopes.
class scope_set {
 public:
  void add(scope s) noexcept { bits_ |= static_cast<unsigned>(s); }
  bool has(scope s) const noexcept {
    return (bits_ & static_cast<unsigned>(s)) != 0;
  }
  bool empty() const noexcept { return bits_ == 0; }

  static scope_set all() noexcept;
  /// "submit,read". Throws std::invalid_argument for anything else.
  static scope_set parse(std::string_view text);
  std::string text() const;

 private:
  unsigned bits_ = 0;
};

struct token_entry {
  using hash_bytes = std::array<std::uint8_t, 32>;

  std::string name;
  scope_set scopes;
  hash_bytes hash{};
  bool certificate = false;
  std::string prefix;                    ///< empty: any name
  std::optional<std::uint64_t> until_ms; ///< since 1970

  bool expired(std::uint64_t now_ms) const noexcept {
    return until_ms && now_ms >= *until_ms;
  }
  /// The entry as a line of the file, without a newline.
  std::string line() const;
};

class token_book {
 public:
  /// Throws std::invalid_argument that names the line.
  static token_book parse(std::string_view text);

  const std::vector<token_entry>& entries() const noexcept { return entries_; }

  /// The entry of a token; null when it is unknown. Compares the hash of the
  /// token with every entry's, in a time that does not depend on their bytes.
  const token_entry* find_token(std::string_view token) const;

  /// The entry of a certificate's key, base64url as in http_peer.
  const token_entry* find_certificate(std::string_view key_hash) const;

 private:
  const token_entry* find(const token_entry::hash_bytes& hash,
                          bool certificate) const;

  std::vector<token_entry> entries_;
};

/// A new token: "cht_" and 43 characters of base64url.
std::string make_token(const crypto::random_source& random);

token_entry::hash_bytes token_hash(std::string_view token);

/// Throws std::invalid_argument that says what a name may be.
void check_token_name(std::string_view name);

} // namespace chancery::apps
