// SPDX-License-Identifier: Apache-2.0
#include "crypto/ledger/refusal.hpp"

#include <algorithm>
#include <array>

namespace chancery::crypto {

namespace {

/// The texts in the order of the codes' numbers, which start at 1.
constexpr std::array<std::string_view, 14> texts{
    "too_large",      "not_encrypted_to_me", "not_signed",     "bad_schema",
    "wrong_node",     "not_the_sender",      "unknown_client", "bad_signature",
    "stale_sequence", "not_allowed",         "busy",           "internal",
    "disk_full",      "over_limit"};
static_assert(static_cast<std::size_t>(refusal::over_limit) == texts.size());

} // namespace

std::string_view to_text(refusal code) noexcept {
  const auto i = static_cast<std::size_t>(code) - 1;
  return i < texts.size() ? texts[i] : "internal";
}

std::optional<refusal> refusal_from_text(std::string_view text) noexcept {
  const auto at = std::find(texts.begin(), texts.end(), text);
  if (at == texts.end())
    return std::nullopt;
  return static_cast<refusal>(at - texts.begin() + 1);
}

} // namespace chancery::crypto
