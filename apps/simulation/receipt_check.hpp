// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks the clients' receipts against the ledger: the message at each
// receipt's index has that leaf, the receipt stored for it is signed by the
// node and says the same, and no two receipts are held for one message. Reads
// one snapshot.

#include "actors/systems/ledger_simulation.hpp"
#include "crypto/keys/key.hpp"
#include "storage/ledger_store.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace chancery::apps {

/// The first fault, or an empty text. `done` counts checked receipts.
std::string check_receipts(const storage::ledger_store& store,
                           const crypto::public_key& node,
                           const std::vector<actors::held_receipt>& held,
                           std::atomic<std::uint64_t>& done);

} // namespace chancery::apps
