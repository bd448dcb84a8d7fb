// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/seal_text.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/jose/jose_parts.hpp"
#include "crypto/jose/json_object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace chancery::crypto {

namespace {

constexpr int text_rule = 7;

std::optional<seal_text> no_text(rule_failures& failures,
                                 std::string sentence) {
  failures.push_back({text_rule, std::move(sentence)});
  return std::nullopt;
}

std::optional<seal_text> read_compact(std::string_view text,
                                      rule_failures& failures) {
  if (text.ends_with('\n'))
    return no_text(failures, "the text ends with a line end, which no JWS has: "
                             "remove it, for example with tr -d '\\n'");
  const auto parts = split_compact<3>(text);
  if (!parts)
    return no_text(failures, "the text is no JWS: it has not three parts with "
                             "dots between them, and is no JSON object");
  const auto& [header, payload, signature] = *parts;
  return seal_text{true, std::string(header), std::string(payload),
                   std::string(signature), ""};
}

void warn_of_unknown_members(const json_object& json,
                             std::vector<std::string>& warnings) {
  const auto known = {"payload", "protected", "header", "signature"};
  const auto count =
      std::ranges::count_if(json.members(), [&](const json_member& member) {
        return std::ranges::find(known, member.name) == known.end();
      });
  if (count > 0)
    warnings.push_back(
        fmt::format("members beside payload, protected, header and signature "
                    "are ignored, as RFC 7515 says: {}",
                    count));
}

std::optional<seal_text> read_flattened(std::string_view text,
                                        rule_failures& failures,
                                        std::vector<std::string>& warnings) {
  const json_object json(text);
  if (find_member(json, "signatures") != nullptr)
    return no_text(failures, "the JSON has \"signatures\": only the flattened "
                             "form with one signature can be read");
  seal_text read;
  for (const auto& [name, part] : {std::pair("protected", &read.protected_part),
                                   std::pair("signature", &read.signature),
                                   std::pair("payload", &read.payload)}) {
    const auto value = text_member(json, name);
    const bool may_be_missing =
        part == &read.payload && find_member(json, name) == nullptr;
    if (!value && !may_be_missing)
      return no_text(failures,
                     fmt::format("the JSON has no text \"{}\"", name));
    *part = value.value_or("");
  }
  if (const auto* header = find_member(json, "header"))
    read.unprotected = header->json;
  warn_of_unknown_members(json, warnings);
  return read;
}

} // namespace

std::optional<seal_text> read_seal_text(std::string_view text,
                                        rule_failures& failures,
                                        std::vector<std::string>& warnings) {
  if (text.size() > seal_size_max)
    return no_text(failures,
                   fmt::format("the text has more than {} bytes, and is not "
                               "read",
                               seal_size_max));
  const auto front = text.find_first_not_of(" \t\r\n");
  if (front == std::string_view::npos || text[front] != '{')
    return read_compact(text, failures);
  try {
    return read_flattened(text, failures, warnings);
  } catch (const std::invalid_argument& e) {
    return no_text(failures, fmt::format("the text is {}", e.what()));
  }
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return std::nullopt;
  for (int i = 0; i < 2 && text.ends_with('='); ++i)
    text.remove_suffix(1);
  std::string url(text);
  for (auto& c : url) {
    if (c == '-' || c == '_')
      return std::nullopt;
    c = c == '+' ? '-' : c == '/' ? '_' : c;
  }
  return base64url_decode(url);
}

} // namespace chancery::crypto
