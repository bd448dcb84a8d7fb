// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/seal_header.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/jose/json_members.hpp"
#include "crypto/jose/json_text.hpp"
#include "crypto/jose/strict_json.hpp"
#include "crypto/seals/seal_header_parts.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace chancery::crypto {

namespace {

constexpr std::int64_t last_second = 253'402'300'799; // of the year 9999

void read_algorithm(const nlohmann::json& json, seal_header& header,
                    rule_failures& failures) {
  const auto alg = text_member(json, "alg");
  for (const auto c : {curve::p256, curve::p384})
    if (alg == jws_algorithm(c))
      header.algorithm = c;
  if (!header.algorithm)
    failures.push_back({1, "alg is neither ES256 nor ES384"});
}

void read_time(const nlohmann::json& json, seal_header& header,
               rule_failures& failures) {
  if (find_member(json, "sigT") != nullptr)
    failures.push_back(
        {2, "the time is in sigT, which signatures since 2025-07-15 have in "
            "iat alone"});
  const auto iat = number_member(json, "iat");
  if (find_member(json, "iat") == nullptr)
    failures.push_back({2, "iat, the time of signing, is missing"});
  else if (!iat || *iat > static_cast<std::uint64_t>(last_second))
    failures.push_back({2, "iat is not a whole number of seconds since 1970"});
  else
    header.signed_at = static_cast<std::int64_t>(*iat);
}

/// RFC 7515 4.1.11: names of that RFC, and of RFC 7516 and 7518, may not be
/// listed.
bool is_standard_name(std::string_view name) {
  constexpr std::array<std::string_view, 20> names{
      "alg",      "jku", "jwk", "kid",  "x5u", "x5c", "x5t",
      "x5t#S256", "typ", "cty", "crit", "enc", "zip", "epk",
      "apu",      "apv", "iv",  "tag",  "p2s", "p2c"};
  return std::ranges::find(names, name) != names.end();
}

bool is_understood(std::string_view name) {
  constexpr std::array<std::string_view, 5> names{"b64", "iat", "sigD",
                                                  "sigX5ts", "x5t#o"};
  return std::ranges::find(names, name) != names.end();
}

/// The sentence of what is wrong with `crit`; empty when nothing is.
std::string fault_of_crit(const nlohmann::json& json,
                          const nlohmann::json& crit) {
  if (!crit.is_array() || crit.empty())
    return "crit is not a list of at least one name";
  std::vector<std::string> seen;
  for (const auto& item : crit) {
    if (!item.is_string())
      return "crit has an item that is not a text";
    const auto name = item.get<std::string>();
    if (std::ranges::find(seen, name) != seen.end())
      return "crit has a name twice";
    seen.push_back(name);
    if (is_standard_name(name))
      return "crit has a name that RFC 7515 or 7518 defines";
    if (find_member(json, name.c_str()) == nullptr)
      return "crit has a name that is not in the header";
    if (!is_understood(name))
      return "crit has a name that this program does not understand";
  }
  return {};
}

bool is_critical(const nlohmann::json& json, std::string_view name) {
  const auto* crit = find_member(json, "crit");
  return crit != nullptr && crit->is_array() &&
         std::ranges::find(*crit, nlohmann::json(name)) != crit->end();
}

void read_crit(const nlohmann::json& json, seal_header& header,
               rule_failures& failures) {
  const auto* crit = find_member(json, "crit");
  auto fault = crit != nullptr ? fault_of_crit(json, *crit) : std::string();
  if (fault.empty())
    return;
  header.is_processable = false;
  failures.push_back({5, std::move(fault)});
}

void read_encoding(const nlohmann::json& json, seal_header& header,
                   rule_failures& failures) {
  const auto* b64 = find_member(json, "b64");
  if (b64 == nullptr)
    return;
  if (!b64->is_boolean()) {
    header.is_processable = false;
    failures.push_back({6, "b64 is neither true nor false"});
  } else {
    header.is_encoded = b64->get<bool>();
  }
  if (!is_critical(json, "b64"))
    failures.push_back({6, "b64 is not listed in crit"});
}

/// 5.2.8.3: lists with one item, as one record is checked at a time.
seal_content content_of(const nlohmann::json& sig_d) {
  constexpr std::string_view by_uri = "http://uri.etsi.org/19182/ObjectIdByURI";
  constexpr std::string_view by_uri_hash =
      "http://uri.etsi.org/19182/ObjectIdByURIHash";
  const auto* pieces = find_member(sig_d, "pars");
  if (pieces == nullptr || !pieces->is_array() || pieces->size() != 1)
    return {};
  const auto mechanism = text_member(sig_d, "mId");
  if (mechanism == by_uri)
    return {seal_content::kind::by_uri, {}, {}};
  const auto algorithm = text_member(sig_d, "hashM");
  const auto* digests = find_member(sig_d, "hashV");
  if (mechanism != by_uri_hash || !algorithm || digests == nullptr ||
      !digests->is_array() || digests->size() != 1 ||
      !digests->front().is_string())
    return {};
  auto digest = base64url_decode(digests->front().get<std::string>());
  if (!digest)
    return {};
  return {seal_content::kind::by_uri_hash, std::string(*algorithm),
          *std::move(digest)};
}

void read_content(const nlohmann::json& json, bool has_payload,
                  seal_header& header, rule_failures& failures) {
  const auto* sig_d = find_member(json, "sigD");
  if (sig_d == nullptr)
    return;
  header.content = content_of(*sig_d);
  if (!is_critical(json, "sigD"))
    failures.push_back({6, "sigD is not listed in crit"});
  if (has_payload) {
    header.is_processable = false;
    failures.push_back({6, "sigD is there beside a payload, but it is for "
                           "content outside of the seal"});
  }
}

void read_policy(const nlohmann::json& json, seal_header& header) {
  const auto* policy = find_member(json, "sigPId");
  if (policy == nullptr)
    return;
  const auto* digest = find_member(*policy, "hashAV");
  header.has_policy_digest =
      digest != nullptr && find_member(*digest, "digVal") != nullptr;
}

/// The members that name certificates, of a header that is not strict JSON.
nlohmann::json salvaged_members(std::string_view text) {
  auto json = nlohmann::json::object();
  for (const auto* const name : {"x5c", "x5t#S256"}) {
    try {
      if (const auto value = member_json(text, name))
        json[name] = parse_strict_json(*value);
    } catch (const std::invalid_argument&) {
      continue; // it is twice in the header, or the text is no JSON
    }
  }
  return json;
}

} // namespace

seal_header read_seal_header(std::string_view protected_part, bool has_payload,
                             rule_failures& failures) {
  seal_header header;
  const auto text = protected_part.size() / 4 * 3 <= seal_header_size_max
                        ? base64url_decode(protected_part)
                        : std::nullopt;
  if (!text) {
    failures.push_back(
        {7, fmt::format("the protected header is not base64url without padding "
                        "of at most {} bytes",
                        seal_header_size_max)});
    return header;
  }
  nlohmann::json json;
  try {
    json = parse_strict_json(*text);
    if (!json.is_object())
      failures.push_back({1, "the protected header is not a JSON object"});
  } catch (const std::invalid_argument& e) {
    failures.push_back(
        {1, fmt::format("the protected header is {}", e.what())});
    rule_failures of_no_concern;
    read_seal_certificates(salvaged_members(*text), header, of_no_concern);
    return header;
  }
  read_algorithm(json, header, failures);
  read_time(json, header, failures);
  read_seal_certificates(json, header, failures);
  read_crit(json, header, failures);
  read_encoding(json, header, failures);
  read_content(json, has_payload, header, failures);
  read_policy(json, header);
  return header;
}

} // namespace chancery::crypto
