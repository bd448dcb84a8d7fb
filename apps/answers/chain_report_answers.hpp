// SPDX-License-Identifier: Apache-2.0
#pragma once

// What verifying a chain found, as JSON and as lines for people. Pure
// functions.

#include "actors/audit/chain_report.hpp"
#include "crypto/keys/key.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace chancery::apps {

nlohmann::ordered_json chain_report_json(const actors::chain_report& report,
                                         const crypto::key_id& node);

/// A rule a line with its mark; several lines, without a newline at the end.
std::string chain_report_text(const actors::chain_report& report,
                              const crypto::key_id& node);

} // namespace chancery::apps
