// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON (RFC 8259) as characters: checks a text, and finds a member's text in
// it, without computing anything. So a number may have any size, an escape may
// be half of a surrogate pair, and a member may appear twice, as the RFC
// allows. strict_json.hpp reads values, of fewer texts. Error texts never quote
// the text. Pure functions; any thread may call them.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// Levels of arrays and objects (RFC 8259 section 9 leaves it to us).
inline constexpr std::size_t json_text_depth_max = 1024;

/// Throws std::invalid_argument unless `text` is one JSON text in UTF-8, with
/// nothing but white space around it. Its text begins with "is", such as "is
/// not JSON: a zero byte at byte 8".
void check_json_text(std::string_view text);

/// Whether it has nothing but JSON's white space.
bool is_blank_json(std::string_view text) noexcept;

/// The characters of a member's value; nothing when there is none of that name,
/// or when `json` is not an object. Throws as above, and when there are two.
std::optional<std::string_view> member_json(std::string_view json,
                                            std::string_view name);

/// What a member says: a string without quotes and escapes, or the characters
/// of a number. Throws as above, and when the member is missing or its value is
/// neither.
std::string member_text(std::string_view json, std::string_view name);

} // namespace chancery::crypto
