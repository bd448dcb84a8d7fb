// SPDX-License-Identifier: Apache-2.0
#pragma once

// What was found out about a seal (crypto/seals/seal_report.hpp), for people
// and as JSON, as `check` and the API answer it. Pure functions; any thread.

#include "crypto/seals/seal_report.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>

namespace chancery::apps {

/// "2026-11-28T00:00:00Z", also of years that no clock shows.
std::string seconds_text(std::int64_t since_1970);

/// {"verdict":"valid","signature":"valid","level":"B-B","certificate":"valid",
///  "signer":{"subject":…,"issuer":…,"serial":…,"thumbprint":"<x5t#S256>",
///            "valid_from":…,"valid_until":…} or null,
///  "signed_at":… or null,"proven_at":… or null,"judged_at":…,
///  "record_size":42 or null,"failures":[{"rule":3,"sentence":…}],
///  "warnings":[…]}
nlohmann::ordered_json seal_json(const crypto::seal_report& report);

/// Lines with line feeds between them: a verdict behind `name`, and what it is
/// made of.
std::string seal_lines(const std::string& name,
                       const crypto::seal_report& report);

} // namespace chancery::apps
