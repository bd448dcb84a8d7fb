// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a client with a folder makes of its node's answers: keeps receipts, and
// says what came and what to do about it.

#include "apps/folders/client_folder.hpp"
#include "apps/terminal/command_context.hpp"

#include <string>

namespace chancery::apps {

actors::client_session session_of(const client_state& state,
                                  crypto::private_key identity);

struct kept_receipt {
  crypto::receipt receipt;
  bool again = false; ///< it was there before
};

/// Checks the receipt of the message that waits for one, and keeps both. Throws
/// std::runtime_error that says what is wrong with it. Takes the folder's lock.
kept_receipt keep_receipt(const client_folder& folder,
                          const crypto::private_key& identity,
                          const std::string& compact);

void tell_receipt(const command_context& context, const kept_receipt& kept);

/// Seals a body into `state`, whose message without a receipt it then is.
/// Throws std::runtime_error for a body that cannot be sent.
std::string seal_into(client_state& state, crypto::private_key identity,
                      const std::string& body);

/// The body as it was given, or standard input for "-".
std::string message_body(const std::string& given);

/// Whether the node will never take the message, however often it is sent.
bool is_final(crypto::refusal code);

} // namespace chancery::apps
