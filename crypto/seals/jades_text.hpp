// SPDX-License-Identifier: Apache-2.0
#pragma once

// A JAdES seal as text, attached to its record. `header` is the protected
// header in base64url (jades_header::encoded), `signature` raw r||s. Pure
// functions; any thread.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// Compact serialization (RFC 7515 7.1), without a line end.
std::string jades_compact(std::string_view header,
                          std::span<const std::byte> record,
                          std::span<const std::byte> signature);

/// Flattened JSON serialization (7.2.2), without white space:
/// {"payload":"..","protected":"..","signature":".."}
std::string jades_flattened(std::string_view header,
                            std::span<const std::byte> record,
                            std::span<const std::byte> signature);

} // namespace chancery::crypto
