// SPDX-License-Identifier: Apache-2.0
#pragma once

// The result of many clients against a node, as JSON and as lines for people.
// Pure functions.

#include "actors/ledger/client_load.hpp"
#include "crypto/keys/key.hpp"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace chancery::apps {

nlohmann::ordered_json load_json(const crypto::key_id& node,
                                 const actors::client_load_result& r);

/// Several lines, without a newline at the end.
std::string load_text(std::uint64_t clients, const crypto::key_id& node,
                      const actors::client_load_result& r);

} // namespace chancery::apps
