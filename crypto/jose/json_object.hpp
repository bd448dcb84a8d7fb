// SPDX-License-Identifier: Apache-2.0
#pragma once

// The members of a JSON object as parts of its text, for forms that are read
// often. It accepts the texts that parse_strict_json accepts, and refuses the
// others with the same error texts, but builds no document: a value is a view
// of its characters, and memory is allocated only for the list of members, and
// for names and strings with escapes. Values inside a value are checked and
// not kept; read them with another json_object of that value. The functions
// below are those of json_members.hpp. Pure functions; any thread may call
// them.

#include <cstdint>
#include <forward_list>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::crypto {

struct json_member {
  std::string_view name; ///< without quotes and escapes
  std::string_view json; ///< the value's characters, without space around them
  std::string_view text; ///< of a string: without quotes and escapes
};

class json_object {
 public:
  /// Throws std::invalid_argument, as parse_strict_json does. A text of another
  /// JSON value has no members. `json` must outlive the object.
  explicit json_object(std::string_view json);
  json_object(json_object&&) noexcept = default; // a copy would view this one
  json_object& operator=(json_object&&) noexcept = default;

  std::span<const json_member> members() const noexcept { return members_; }

 private:
  std::vector<json_member> members_;
  std::forward_list<std::string> unescaped_; // members_ views it
};

/// The member; null when it is missing.
const json_member* find_member(const json_object& object,
                               const char* name) noexcept;

std::optional<std::string_view> text_member(const json_object& object,
                                            const char* name) noexcept;

/// An integer from 0 to 2^64 - 1, written without fraction and exponent.
std::optional<std::uint64_t> number_member(const json_object& object,
                                           const char* name) noexcept;

/// Whether it has each of `required`, any of `optional`, and nothing else.
bool has_members(const json_object& object,
                 std::initializer_list<std::string_view> required,
                 std::initializer_list<std::string_view> optional = {});

} // namespace chancery::crypto
