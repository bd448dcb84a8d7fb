// SPDX-License-Identifier: Apache-2.0
#pragma once

// What `chancery client` does with messages. Each takes the folder's lock for
// the moment in which it changes something, so that all of them can be in one
// pipe with a node in the middle. They answer exit codes.

#include "apps/folders/client_folder.hpp"
#include "apps/terminal/command_context.hpp"

#include <filesystem>
#include <string>

namespace chancery::apps {

int register_client(const command_context& context,
                    const client_folder& folder);

/// The message is in client.json before its line is written, so that its
/// sequence number is never given twice. Throws while another has no receipt.
int seal(const command_context& context, const client_folder& folder,
         const std::string& body);
int seal_again(const command_context& context, const client_folder& folder);

/// 0 when every answer was a good one.
int accept(const command_context& context, const client_folder& folder,
           const std::filesystem::path& answers);

int forget(const command_context& context, const client_folder& folder);

} // namespace chancery::apps
