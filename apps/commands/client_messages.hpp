// SPDX-License-Identifier: Apache-2.0
#pragma once

// The subcommands of `chancery client` that handle messages. Each holds the
// folder's lock only while it changes something, so that all of them can run in
// one pipe with a node in the middle. They return exit codes.

#include "apps/folders/client_folder.hpp"
#include "apps/terminal/command_context.hpp"

#include <filesystem>
#include <string>

namespace chancery::apps {

int register_client(const command_context& context,
                    const client_folder& folder);

/// Stores the message in client.json before printing its line, so that its
/// sequence number is never used twice. Throws std::runtime_error while another
/// message has no receipt.
int seal(const command_context& context, const client_folder& folder,
         const std::string& body);
int seal_again(const command_context& context, const client_folder& folder);

/// Returns 0 when no answer was a refusal, malformed or for another client.
int accept(const command_context& context, const client_folder& folder,
           const std::filesystem::path& answers);

int forget(const command_context& context, const client_folder& folder);

} // namespace chancery::apps
