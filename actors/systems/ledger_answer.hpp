// SPDX-License-Identifier: Apache-2.0
#pragma once

// The node's answer to a message or registration, as a plain value for code
// without actors.

#include "crypto/ledger/refusal.hpp"

#include <optional>
#include <string>

namespace chancery::actors {

/// Exactly one of receipt, registered and refused is set.
struct ledger_answer {
  std::string receipt;    ///< compact JWS
  std::string registered; ///< the client's id
  std::optional<crypto::refusal> refused;
  std::string reason; ///< of a refusal: one sentence
};

} // namespace chancery::actors
