// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where an object in DER ends. Pure function; any thread may call it.

#include <cstddef>
#include <span>

namespace chancery::crypto {

/// Whether bytes follow the first object (X.690 section 8.1). Readers of keys
/// and certificates ignore them, so that another program could read others.
/// False for what is no object or states no length: parsing refuses that.
bool bytes_follow_object(std::span<const std::byte> der) noexcept;

} // namespace chancery::crypto
