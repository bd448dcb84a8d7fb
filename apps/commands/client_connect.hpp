// SPDX-License-Identifier: Apache-2.0
#pragma once

// `chancery client --connect`: a client of a ledger's node on another host.
// Either one message, with the client's folder, or many clients in memory that
// send for some time.

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
  double wait_s = 30; ///< for a connection, and for an answer
  std::optional<std::string> body;
  std::uint64_t clients = 10;
  double rate = 1;      ///< messages a second from each
  double duration = 60; ///< seconds
};

/// Declares the options; `choice` outlives the parsing. --node-id is one that
/// the command has anyway.
void add_connect_options(const command_spec& client, connect_choice& choice);

/// An exit code. `folder` is the client's, for a message.
int run_connected_client(const command_context& context,
                         const connect_choice& choice,
                         const std::filesystem::path& folder);

} // namespace chancery::apps
