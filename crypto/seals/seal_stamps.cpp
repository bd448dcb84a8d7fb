// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/seal_stamps.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/timestamp.hpp"
#include "crypto/jose/json_members.hpp"
#include "crypto/jose/strict_json.hpp"
#include "crypto/seals/seal_text.hpp"
#include "crypto/seals/seal_token.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace chancery::crypto {

namespace {

/// Of the claimed time behind a token's, in seconds: clocks differ.
constexpr std::int64_t clock_grace = 300;

struct stamp_reader {
  std::string_view signature;
  const seal_header& header;
  std::span<const certificate> roots;
  rule_failures& failures;
  std::vector<std::string>& warnings;
  seal_stamps found{};
  int policies = 0;
  int unread = 0;

  void fail(std::string sentence) {
    failures.push_back({8, std::move(sentence)});
  }

  void read_unprotected(const nlohmann::json& json) {
    if (!json.is_object() || json.size() != 1 || !json.contains("etsiU"))
      return fail("header has another member than etsiU, the only one that "
                  "need not be signed");
    const auto& components = json["etsiU"];
    if (!components.is_array() || components.empty() ||
        components.size() > seal_components_max)
      return fail(fmt::format("etsiU is not a list of 1 to {} components",
                              seal_components_max));
    const auto is_text = [](const auto& item) { return item.is_string(); };
    const auto is_object = [](const auto& item) { return item.is_object(); };
    if (!std::ranges::all_of(components, is_text) &&
        !std::ranges::all_of(components, is_object))
      return fail("the components of etsiU are neither all texts nor all "
                  "objects");
    for (const auto& component : components)
      read_component(component);
    judge_rest();
  }

  void read_component(const nlohmann::json& component) {
    if (component.is_object())
      return read_object(component);
    const auto text = base64url_decode(component.get<std::string>());
    if (!text)
      return fail("a component of etsiU is not base64url without padding");
    try {
      read_object(parse_strict_json(*text));
    } catch (const std::invalid_argument& e) {
      fail(fmt::format("a component of etsiU is {}", e.what()));
    }
  }

  void read_object(const nlohmann::json& component) {
    if (!component.is_object() || component.size() != 1)
      return fail("a component of etsiU is not an object with one member");
    if (component.contains("sigTst"))
      read_stamp(component["sigTst"]);
    else if (component.contains("sigPSt"))
      ++policies;
    else
      ++unread;
  }

  void read_stamp(const nlohmann::json& stamp) {
    const auto* tokens = find_member(stamp, "tstTokens");
    if (tokens == nullptr || !tokens->is_array() || tokens->size() != 1)
      return fail("a sigTst has not exactly one token");
    const auto type = text_member(tokens->front(), "type");
    if (find_member(tokens->front(), "type") != nullptr && type != "rfc3161")
      return fail("a sigTst has a token of another type than RFC 3161");
    const auto text = text_member(tokens->front(), "val");
    const auto token = text ? decode_base64(*text) : std::nullopt;
    if (!token)
      return fail("the token in a sigTst is not standard base64 with padding "
                  "(RFC 4648 section 4)");
    judge(check_token(bytes_of(*token), signature, roots));
  }

  void judge(const token_finding& token) {
    if (!token.fault.empty())
      return fail(
          fmt::format("the token in a sigTst is refused: {}", token.fault));
    if (!header.chain.empty() && token.time > header.chain.front().not_after())
      return fail("the token in a sigTst was made after the end of the "
                  "signer's certificate");
    found.has_token = true;
    if (header.signed_at && *header.signed_at > token.time + clock_grace)
      warnings.push_back("a token is older than the time of signing that the "
                         "signer claims (iat)");
    if (!token.is_trusted)
      warnings.push_back("the time-stamping authority of a token has no path "
                         "to a given root: its time is not believed");
    else
      found.proven_at =
          std::min(found.proven_at.value_or(token.time), token.time);
  }

  void judge_rest() {
    if (policies > 1)
      failures.push_back({9, "sigPSt is there more than once"});
    if (policies > 0 && !header.has_policy_digest)
      failures.push_back(
          {9, "sigPSt is there, but sigPId has no digest of a policy"});
    if (unread > 0)
      warnings.push_back(
          fmt::format("components of etsiU that are not checked: {}", unread));
  }
};

} // namespace

seal_stamps check_stamps(std::string_view unprotected,
                         std::string_view signature, const seal_header& header,
                         std::span<const certificate> roots,
                         rule_failures& failures,
                         std::vector<std::string>& warnings) {
  stamp_reader reader{signature, header, roots, failures, warnings};
  try {
    reader.read_unprotected(parse_strict_json(unprotected));
  } catch (const std::invalid_argument& e) {
    reader.fail(fmt::format("header is {}", e.what()));
  }
  return reader.found;
}

} // namespace chancery::crypto
