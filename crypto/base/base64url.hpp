// SPDX-License-Identifier: Apache-2.0
#pragma once

// base64url without padding, as JOSE uses it (RFC 4648 section 5, RFC 7515
// section 2). Strict: no padding, no white space, no stray bits at the end.
// No branch and no table index depends on a character's value, so that private
// scalars can pass through. Pure functions; any thread may call them.

#include "crypto/base/secret.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace chancery::crypto {

std::string base64url_encode(std::span<const std::byte> data);

/// Characters for that many bytes.
constexpr std::size_t base64url_size(std::size_t bytes) {
  return (bytes * 4 + 2) / 3;
}

/// Writes base64url_size(data.size()) characters; returns what follows them.
char* base64url_encode(std::span<const std::byte> data, char* to);

/// The decoded bytes, or nothing when `text` is not strict base64url.
std::optional<std::string> base64url_decode(std::string_view text);

/// Fills `bytes`. False when `text` is not strict base64url of exactly that
/// many; then they have any values.
bool base64url_decode(std::string_view text, std::span<std::byte> bytes);

/// The same as the first two, through memory that is wiped.
secret_string base64url_encode_secret(std::span<const std::byte> data);
std::optional<secret_string> base64url_decode_secret(std::string_view text);

} // namespace chancery::crypto
