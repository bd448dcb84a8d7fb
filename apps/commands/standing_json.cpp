// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/standing_json.hpp"

#include "apps/terminal/figures.hpp"
#include "crypto/base/base64url.hpp"

#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

/// Certificates have whole seconds.
std::string second_text(std::int64_t seconds) {
  auto text = time_text(static_cast<std::uint64_t>(seconds) * 1000);
  if (const auto at = text.find(".000Z"); at != std::string::npos)
    text.replace(at, 5, "Z");
  return text;
}

} // namespace

nlohmann::ordered_json certificate_json(const key_standing& standing) {
  nlohmann::ordered_json out{{"state", crypto::to_text(standing.state)}};
  if (!standing.chain)
    return out;
  const auto& leaf = standing.chain->leaf;
  out["subject"] = leaf.subject();
  out["issuer"] = leaf.issuer();
  out["serial"] = leaf.serial();
  out["valid_from"] = second_text(leaf.not_before());
  out["valid_until"] = second_text(leaf.not_after());
  out["thumbprint"] = thumbprint_text(leaf);
  out["revocation_known"] = standing.finding.revocation_known;
  if (!standing.finding.why.empty())
    out["why"] = standing.finding.why;
  return out;
}

std::string end_text(const key_standing& standing) {
  return second_text(standing.chain->leaf.not_after());
}

std::string thumbprint_text(const crypto::certificate& leaf) {
  return crypto::base64url_encode(std::as_bytes(std::span(leaf.id())));
}

} // namespace chancery::apps
