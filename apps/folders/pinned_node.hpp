// SPDX-License-Identifier: Apache-2.0
#pragma once

// The node that a chain must belong to: the identity given with --node-id,
// which the user got over another channel than the data that is compared with
// it, and the file with a node's signed keys.

#include "crypto/ledger/message.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace chancery::apps {

/// Nothing when `text` is empty. Throws usage_error when it is not an id.
std::optional<crypto::key_id> pinned_node(const std::string& text);

/// Throws std::runtime_error when another node is pinned.
void require_pinned(const crypto::key_id& node,
                    const std::optional<crypto::key_id>& pinned);

struct signed_node_keys {
  std::string compact; ///< the keys JWS
  crypto::node_keys keys;
};

/// Reads and verifies the output of `chancery node --keys`; "-" is standard
/// input. Throws std::runtime_error.
signed_node_keys read_keys_file(const std::filesystem::path& path,
                                const std::optional<crypto::key_id>& pinned);

} // namespace chancery::apps
