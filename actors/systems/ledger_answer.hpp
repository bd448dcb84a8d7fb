// SPDX-License-Identifier: Apache-2.0
#pragma once

// What became of a message or registration that was handed to the ledger's
// node, for those who do not know of actors.

#include "crypto/ledger/refusal.hpp"

#include <optional>
#include <string>

namespace chancery::actors {

/// What became of a line. Exactly one of receipt, registered and refused is
/// there.
struct ledger_answer {
  std::string receipt;    ///< compact JWS
  std::string registered; ///< the client's id
  std::optional<crypto::refusal> refused;
  std::string reason; ///< of a refusal: one sentence
};

} // namespace chancery::actors
