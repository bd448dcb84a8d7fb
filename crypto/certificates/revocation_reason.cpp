// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/revocation_list.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace chancery::crypto {

namespace {

using enum revocation_reason;

constexpr std::array<std::pair<revocation_reason, std::string_view>, 10>
    spellings{{{unspecified, "unspecified"},
               {key_compromise, "keyCompromise"},
               {ca_compromise, "cACompromise"},
               {affiliation_changed, "affiliationChanged"},
               {superseded, "superseded"},
               {cessation_of_operation, "cessationOfOperation"},
               {certificate_hold, "certificateHold"},
               {privilege_withdrawn, "privilegeWithdrawn"},
               {aa_compromise, "aACompromise"},
               {remove_from_list, "removeFromCRL"}}};

} // namespace

std::string_view to_text(revocation_reason reason) {
  for (const auto& [known, spelling] : spellings)
    if (known == reason)
      return spelling;
  return "unspecified";
}

revocation_reason revocation_reason_from_text(std::string_view text) {
  std::string list;
  for (const auto& [reason, spelling] : spellings) {
    if (reason == remove_from_list)
      continue;
    if (spelling == text)
      return reason;
    list.append(list.empty() ? "" : ", ").append(spelling);
  }
  throw std::invalid_argument(
      fmt::format("'{:.40}' is not a reason of a revocation: {}", text, list));
}

} // namespace chancery::crypto
