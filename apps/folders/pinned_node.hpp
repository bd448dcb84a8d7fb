// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which node a chain must be of: the identity that --node-id gives, which came
// to the person some other way than what it is held against, and the file with
// a node's signed keys.

#include "crypto/ledger/message.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace chancery::apps {

/// Nothing when it was not given. Throws usage_error for what is no id.
std::optional<crypto::key_id> pinned_node(const std::string& text);

/// Throws std::runtime_error when another node is pinned.
void require_pinned(const crypto::key_id& node,
                    const std::optional<crypto::key_id>& pinned);

struct signed_node_keys {
  std::string compact; ///< the keys JWS
  crypto::node_keys keys;
};

/// What `chancery node --keys` wrote, checked; "-" is standard input. Throws
/// std::runtime_error.
signed_node_keys read_keys_file(const std::filesystem::path& path,
                                const std::optional<crypto::key_id>& pinned);

} // namespace chancery::apps
