// SPDX-License-Identifier: Apache-2.0
#pragma once

// Digests that a seal names by their JAdES identifier: "S256", "S384" or
// "S512". Pure function; any thread.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// The digest's bytes; nothing for another name. Throws std::runtime_error when
/// libcrypto fails.
std::optional<std::string> seal_digest(std::string_view name,
                                       std::span<const std::byte> data);

} // namespace chancery::crypto
