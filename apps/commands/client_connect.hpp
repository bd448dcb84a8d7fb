// SPDX-License-Identifier: Apache-2.0
#pragma once

// `chancery client --connect`: a client of a ledger's node on another host.
// Sends either one message, with the client's folder, or messages of many
// clients in memory for a given time.

#include "apps/options/command_spec.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace chancery::apps {

struct connect_choice {
  std::string place;             ///< HOST:PORT; empty: not over the network
  std::filesystem::path cluster; ///< this host's certificate
  std::string node_id;
  double wait_s = 30; ///< for the connection, and for each answer
  std::optional<std::string> body;
  std::uint64_t clients = 10;
  double rate = 1;      ///< messages per client and second
  double duration = 60; ///< seconds
};

/// Declares the options except --node-id, which the command has anyway.
/// `choice` must outlive the parsing.
void add_connect_options(const command_spec& client, connect_choice& choice);

/// Returns an exit code. `folder` is the client's, used for one message only.
int run_connected_client(const command_context& context,
                         const connect_choice& choice,
                         const std::filesystem::path& folder);

} // namespace chancery::apps
