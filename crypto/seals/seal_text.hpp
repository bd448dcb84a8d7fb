// SPDX-License-Identifier: Apache-2.0
#pragma once

// The text of a JWS (RFC 7515) taken apart, without judging what it says:
//
//   compact     protected "." payload "." signature            (7.1)
//   flattened   {"payload":…,"protected":…,"signature":…}      (7.2.2)
//               and "header":{…}, which is not signed
//
// All parts but the last are base64url. In a detached seal the payload is
// empty, or the member is missing. Pure functions; any thread.

#include "crypto/seals/seal_report.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::crypto {

/// Bytes. A record of 16 MiB takes 22.4 MiB in base64url.
inline constexpr std::size_t seal_size_max = std::size_t{32} << 20;

struct seal_text {
  bool is_compact = false;
  std::string protected_part; ///< as it stands, as the next two
  std::string payload;
  std::string signature;
  std::string unprotected; ///< the JSON of "header"; empty without one
};

/// Nothing, with failures of rule 7, when the text is neither. Members that RFC
/// 7515 does not know are ignored with a warning, as it demands.
std::optional<seal_text> read_seal_text(std::string_view text,
                                        rule_failures& failures,
                                        std::vector<std::string>& warnings);

/// Base64 as RFC 4648 section 4 writes it: with padding, without white space,
/// without stray bits. Nothing for other texts.
std::optional<std::string> decode_base64(std::string_view text);

} // namespace chancery::crypto
