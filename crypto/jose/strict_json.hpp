// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads JSON (RFC 8259) as security formats need it: a member that appears
// twice is refused, as two readers could believe two different ones (RFC 7515
// section 4 leaves that choice), and so are a byte order mark, a zero byte, and
// nesting that no format of ours has: 32 deep at most.
// Error texts name a position and never quote the text, which may be secret.
// Pure functions; any thread may call them.

#include "crypto/jose/secret_json.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace chancery::crypto {

/// Throws std::invalid_argument.
nlohmann::json parse_strict_json(std::string_view text);

/// The same, through memory that is wiped.
secret_json parse_secret_json(std::string_view text);

} // namespace chancery::crypto
