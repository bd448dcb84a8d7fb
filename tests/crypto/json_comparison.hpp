// SPDX-License-Identifier: Apache-2.0
#pragma once

// Compares json_object with the reader that builds a document, and with
// json_text, for tests and for the fuzz target.

#include "crypto/jose/json_members.hpp"
#include "crypto/jose/json_object.hpp"
#include "crypto/jose/json_text.hpp"
#include "crypto/jose/strict_json.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::crypto::test {

/// How json_object differs from what the other reader finds in a valid text;
/// empty if it does not.
inline std::string value_difference(std::string_view text,
                                    const nlohmann::json& document) {
  const json_object object(text);
  if (object.members().size() != (document.is_object() ? document.size() : 0))
    return "one has more members";
  for (const auto& member : object.members()) {
    const std::string name(member.name);
    const auto at = document.find(name);
    if (at == document.end())
      return "a name is another one";
    if (at->is_string() ? member.text != at->get_ref<const std::string&>()
                        : !member.text.empty())
      return "a string is another one";
    if (member_json(text, name) != member.json)
      return "json_text finds other characters";
    if (number_member(object, name.c_str()) !=
        number_member(document, name.c_str()))
      return "a number is another one";
    if (!at->is_object() && parse_strict_json(member.json) != *at)
      return "a value is another one";
    if (auto inside = value_difference(member.json, *at); !inside.empty())
      return inside;
  }
  return {};
}

/// The same for any text: its verdict and error text, too.
inline std::string json_difference(std::string_view text) {
  std::string fault;
  try {
    const json_object object(text);
  } catch (const std::invalid_argument& e) {
    fault = e.what();
  }
  try {
    const auto document = parse_strict_json(text);
    return fault.empty() ? value_difference(text, document)
                         : "only json_object says '" + fault + "'";
  } catch (const std::invalid_argument& e) {
    return fault == e.what()
               ? ""
               : "one says '" + fault + "', the other '" + e.what() + "'";
  }
}

/// For the text alone and as the value of a member.
inline std::string json_difference_anywhere(std::string_view text) {
  auto difference = json_difference(text);
  if (difference.empty())
    difference = json_difference("{\"a\":" + std::string(text) + "}");
  return difference;
}

} // namespace chancery::crypto::test
