// SPDX-License-Identifier: Apache-2.0
#pragma once

// A JSON value whose strings, and whose parser's buffers, are wiped when they
// are freed. For key sets with private keys.

#include "crypto/base/secret.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <vector>

namespace chancery::crypto {

using secret_json =
    nlohmann::basic_json<std::map, std::vector, secret_string, bool,
                         std::int64_t, std::uint64_t, double, std::allocator,
                         nlohmann::adl_serializer, std::vector<std::uint8_t>>;

} // namespace chancery::crypto
