// SPDX-License-Identifier: Apache-2.0
#pragma once

// Options that identify this host and its peers, for every command that
// connects to other hosts or reads a node's chain.

#include "apps/options/command_spec.hpp"

namespace chancery::apps {

/// `--cluster DIR`, else CHANCERY_CLUSTER; `folder` stays empty without either.
option_spec add_cluster_option(const command_spec& command,
                               std::filesystem::path& folder);

/// `--deny FILE`, for commands that listen: see apps/folders/deny_file.hpp.
option_spec add_deny_option(const command_spec& command,
                            std::filesystem::path& file);

/// `--node-id ID`: see pinned_node().
option_spec add_node_id(const command_spec& command, std::string& text);

} // namespace chancery::apps
