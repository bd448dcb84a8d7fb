// SPDX-License-Identifier: Apache-2.0
#pragma once

// The name that a user gave a record, such as an invoice's number: 1 to 255
// bytes of UTF-8, without characters that a reader cannot see or that turn the
// order of others (controls, line ends, the standard's
// Default_Ignorable_Code_Point, which has the bidirectional and zero-width
// ones), and without blanks at its ends (White_Space). Names are compared byte
// by byte, never normalised. Pure function; any thread.

#include <cstddef>
#include <string_view>

namespace chancery::storage {

inline constexpr std::size_t record_name_max = 255; ///< bytes

/// What keeps the text from being a name, such as "is empty"; empty when it is
/// a name.
std::string_view name_fault(std::string_view text) noexcept;

} // namespace chancery::storage
