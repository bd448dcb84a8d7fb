// SPDX-License-Identifier: Apache-2.0
#pragma once

// What `node` and `serve` share: the options of the ledger's node, and what is
// said about it. Main thread.

#include "actors/systems/ledger_node.hpp"
#include "apps/folders/ledger_folder.hpp"
#include "apps/options/command_spec.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace chancery::apps {

struct node_choice {
  std::optional<std::uint64_t> block_size;
  std::optional<std::uint64_t> validators;
  std::filesystem::path allow;
  std::optional<std::uint64_t> client_rate;
  std::optional<std::uint64_t> client_bytes;
  std::uint64_t disk_reserve = 64; ///< MiB
  std::string listen;              ///< ADDR:PORT; empty: not on the network
  std::filesystem::path cluster;
  std::filesystem::path deny; ///< empty: nobody

  std::optional<std::uint32_t> blocks_of() const;
};

/// All but `listen`, whose option has another name in each command.
void add_node_options(const command_spec& command, node_choice& choice);

/// Who does the arithmetic of a node on this machine.
std::string ledger_provider_text();

/// `listen_option` is its name: "--listen". Throws usage_error.
actors::ledger_node_options node_options(const node_choice& choice,
                                         const std::string& listen_option);

/// "node ID: 100 messages in a block, ..."; and where it listens for clients.
void note_node_start(const opened_ledger& ledger,
                     const actors::ledger_node& node,
                     const actors::ledger_node_options& options);
void note_node_end(const actors::ledger_counters& counters);

/// Throws std::runtime_error when the node cannot go on.
void throw_if_failed(const actors::ledger_node& node);

std::uint64_t total_refused(const actors::ledger_counters& counters);

} // namespace chancery::apps
