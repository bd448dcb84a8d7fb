// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a client with a folder does with messages and receipts, and the
// subcommands of `chancery client` that write and read them as lines. Each
// holds the folder's lock only while it changes something, so that all of them
// can run in one pipe with a node in the middle.

#include "apps/folders/client_folder.hpp"
#include "apps/terminal/command_context.hpp"

#include <filesystem>
#include <string>

namespace chancery::apps {

actors::client_session session_of(const client_state& state,
                                  crypto::private_key identity);

struct kept_receipt {
  crypto::receipt receipt;
  bool again = false; ///< it was in the folder already
};

/// Checks the receipt of the unconfirmed message and stores both. Throws
/// std::runtime_error that says what is wrong with the receipt. Takes the
/// folder's lock.
kept_receipt keep_receipt(const client_folder& folder,
                          const crypto::private_key& identity,
                          const std::string& compact);

void tell_receipt(const command_context& context, const kept_receipt& kept);

/// Seals a body and makes it the unconfirmed message of `state`. Returns its
/// line. Throws std::runtime_error for a body that cannot be sent.
std::string seal_into(client_state& state, crypto::private_key identity,
                      const std::string& body);

/// Returns `given`, or standard input for "-".
std::string message_body(const std::string& given);

/// Whether sending the same message again can never succeed.
bool is_final(crypto::refusal code);

// The subcommands. They return exit codes.

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
