// SPDX-License-Identifier: Apache-2.0
#pragma once

// The ledger's routes: what is stored, answered from a snapshot on the calling
// thread, and messages and registrations, answered once they are on disk.

#include "actors/systems/ledger_answer.hpp"
#include "apps/api/route_table.hpp"
#include "crypto/ledger/message.hpp"
#include "storage/ledger_store.hpp"

#include <functional>
#include <optional>
#include <string>

namespace chancery::apps {

struct served_ledger {
  const storage::ledger_store* store = nullptr; ///< outlives the routes
  crypto::key_id node{};
  crypto::public_key signing; ///< the node's
  std::string keys;           ///< the signed JWS that clients start from
  std::string software;       ///< "chancery 1.2"
  /// Any thread; the callback comes once, from any thread.
  std::function<void(std::string text,
                     std::function<void(actors::ledger_answer)> answer)>
      submit;
  /// What a token needs to register a client; unset: none is needed.
  std::optional<scope> registration;
  /// Every route needs a token: to send, submit; for the rest, read.
  bool tokens_for_all = false;
};

void add_chain_routes(route_table& table, const served_ledger& ledger);
void add_message_routes(route_table& table, const served_ledger& ledger);

} // namespace chancery::apps
