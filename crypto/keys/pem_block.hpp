// SPDX-License-Identifier: Apache-2.0
#pragma once

// One block of PEM text (RFC 7468), whatever it holds:
//
//   -----BEGIN label-----
//   base64, 64 characters a line
//   -----END label-----
//
// Pure functions; any thread.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace chancery::crypto {

struct pem_block {
  std::string_view label;
  std::string_view body; ///< the base64 lines
};

/// Removes the next block, and all text before it, from the front of `text`.
/// None when there is no BEGIN line; throws std::invalid_argument for a block
/// that is damaged or cut short.
std::optional<pem_block> take_pem_block(std::string_view& text);

/// The string may hold a secret: no other copy of it is left in memory.
std::string to_pem_block(std::string_view label,
                         std::span<const std::byte> der);

} // namespace chancery::crypto
