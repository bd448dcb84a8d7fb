// SPDX-License-Identifier: Apache-2.0
#pragma once

// The result of verifying a chain, as JSON and as readable text. Pure
// functions.

#include "actors/audit/chain_report.hpp"
#include "crypto/keys/key.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace chancery::apps {

nlohmann::ordered_json chain_report_json(const actors::chain_report& report,
                                         const crypto::key_id& node);

/// Each rule with its mark, then a summary; several lines, without a newline at
/// the end.
std::string chain_report_text(const actors::chain_report& report,
                              const crypto::key_id& node);

} // namespace chancery::apps
