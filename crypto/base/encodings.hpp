// SPDX-License-Identifier: Apache-2.0
#pragma once

// Texts that stand for bytes, as other programs write them. Pure functions; any
// thread.

#include <cstdint>
#include <string_view>
#include <vector>

namespace chancery::crypto {

/// Hexadecimal digits of either case, two a byte. Throws std::invalid_argument
/// for anything else; its text, such as "is not hexadecimal", does not quote.
std::vector<std::uint8_t> from_hex(std::string_view text);

/// base64 (RFC 4648 section 4), with or without padding; white space is
/// ignored. Throws as above.
std::vector<std::uint8_t> from_base64(std::string_view text);

} // namespace chancery::crypto
