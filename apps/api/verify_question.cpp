// SPDX-License-Identifier: Apache-2.0
#include "apps/api/verify_question.hpp"

#include "apps/api/problem.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/jose/strict_json.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <utility>

namespace chancery::apps {

namespace {

[[noreturn]] void wrong_member(const std::string& sentence) {
  throw problem("bad_parameter", sentence);
}

/// A member that is text; nothing when it is not there.
std::optional<std::string> text_member(const nlohmann::json& object,
                                       const char* name) {
  const auto found = object.find(name);
  if (found == object.end())
    return std::nullopt;
  if (!found->is_string())
    wrong_member(fmt::format("the member \"{}\" is not a string", name));
  return found->get<std::string>();
}

std::optional<std::string> octets_of_member(const nlohmann::json& object,
                                            const char* name) {
  const auto text = text_member(object, name);
  if (!text)
    return std::nullopt;
  auto octets = crypto::base64url_decode(*text);
  if (!octets)
    wrong_member(fmt::format("the member \"{}\" is not base64url", name));
  return octets;
}

void check_members(const nlohmann::json& object,
                   std::initializer_list<std::string_view> known) {
  if (!object.is_object())
    wrong_member("the body is not a JSON object");
  for (const auto& [name, value] : object.items())
    if (std::find(known.begin(), known.end(), name) == known.end())
      wrong_member("the body has a member that is not known here");
}

nlohmann::json object_in(std::string_view body) {
  try {
    return crypto::parse_strict_json(body);
  } catch (const std::exception&) {
    wrong_member("the body is not JSON in UTF-8 with each member once");
  }
}

} // namespace

verify_question read_verify_question(std::string_view body) {
  const auto object = object_in(body);
  check_members(object, {"data", "text", "digest", "signature", "key"});
  auto key = text_member(object, "key");
  auto signature = octets_of_member(object, "signature");
  if (!key || !signature)
    wrong_member("the members \"key\" and \"signature\" are needed");
  auto data = octets_of_member(object, "data");
  auto text = text_member(object, "text");
  auto digest = octets_of_member(object, "digest");
  if ((data ? 1 : 0) + (text ? 1 : 0) + (digest ? 1 : 0) != 1)
    wrong_member("give one of \"data\", \"text\" and \"digest\"");
  return {.key = *std::move(key),
          .signature = *std::move(signature),
          .record = data ? std::move(data) : std::move(text),
          .digest = std::move(digest)};
}

} // namespace chancery::apps
