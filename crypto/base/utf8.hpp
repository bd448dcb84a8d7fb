// SPDX-License-Identifier: Apache-2.0
#pragma once

// UTF-8 by table 3-7 of the Unicode Standard: no surrogates, no longer forms.
// Pure function; any thread.

#include <cstddef>
#include <string_view>

namespace chancery::crypto {

/// Bytes of the sequence at the front of `text`, which is not empty; 0 when it
/// is malformed.
std::size_t utf8_size(std::string_view text) noexcept;

} // namespace chancery::crypto
