// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a client with a folder seals messages and handles the node's receipts:
// checks them, keeps them in the folder and prints them. Main thread.

#include "apps/folders/client_folder.hpp"
#include "apps/terminal/command_context.hpp"

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

} // namespace chancery::apps
