// SPDX-License-Identifier: Apache-2.0
#pragma once

// Parses JSON (RFC 8259) for security formats. It refuses a member that appears
// twice, because two readers could use different ones (RFC 7515 section 4
// leaves that choice), a byte order mark, a zero byte, and nesting deeper than
// 32, which no format of ours has. Error texts name a position and never quote
// the text, which may be secret. Pure functions; any thread may call them.

#include "crypto/jose/secret_json.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string_view>

namespace chancery::crypto {

/// Levels of arrays and objects.
inline constexpr std::size_t strict_json_depth_max = 32;

/// Throws std::invalid_argument.
nlohmann::json parse_strict_json(std::string_view text);

/// The same, through memory that is wiped.
secret_json parse_secret_json(std::string_view text);

} // namespace chancery::crypto
