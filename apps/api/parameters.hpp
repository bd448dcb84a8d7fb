// SPDX-License-Identifier: Apache-2.0
#pragma once

// Values of paths and queries. Each throws `problem` bad_parameter with a
// sentence that says what the value may be. Pure functions; any thread.

#include "apps/api/route_table.hpp"
#include "crypto/keys/key.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace chancery::apps {

/// Up to 2^53 - 1, which every JSON reader keeps whole.
std::uint64_t number_value(std::string_view name, std::string_view text);

std::optional<std::uint64_t> number_parameter(const api_request& request,
                                              std::string_view name);

/// A hash or an id: 43 characters of base64url, or 64 hexadecimal digits.
crypto::key_id id_value(std::string_view name, std::string_view text);

/// How long to wait for what may come: `wait`, 0 to 30 seconds; 0 when it is
/// not given.
std::chrono::seconds wait_parameter(const api_request& request);

/// Of lists: how many to answer, 1 to 1,000; 100 when it is not given.
std::uint64_t limit_parameter(const api_request& request);

} // namespace chancery::apps
