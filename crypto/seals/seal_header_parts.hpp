// SPDX-License-Identifier: Apache-2.0
#pragma once

// The certificates in a seal's header, rules 3 and 4, for files of this folder.
// Pure function; any thread.

#include "crypto/seals/seal_header.hpp"

#include <nlohmann/json_fwd.hpp>

namespace chancery::crypto {

/// Fills `reference` and `chain` of `header` from `json`, the header.
void read_seal_certificates(const nlohmann::json& json, seal_header& header,
                            rule_failures& failures);

} // namespace chancery::crypto
