// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part of a seal that is not signed (ETSI TS 119 182-1 5.3), by rules 8 and
// 9: `etsiU` and the time-stamp tokens in it.
//
//   "header":{"etsiU":[component, …]}
//   component   {"sigTst":{"tstTokens":[{"val":"<base64 of the token>"}]}},
//               or the base64url of that; all in one way
//
// Pure function; any thread.

#include "crypto/seals/seal_header.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace chancery::crypto {

/// Components of an etsiU that are read; more are refused.
inline constexpr std::size_t seal_components_max = 32;

struct seal_stamps {
  bool has_token = false; ///< at least one holds: what level B-T needs
  std::optional<std::int64_t> proven_at; ///< earliest of the trusted ones
};

/// `unprotected` is the JSON of the member "header", `signature` the base64url
/// text that tokens stamp.
seal_stamps check_stamps(std::string_view unprotected,
                         std::string_view signature, const seal_header& header,
                         std::span<const certificate> roots,
                         rule_failures& failures,
                         std::vector<std::string>& warnings);

} // namespace chancery::crypto
