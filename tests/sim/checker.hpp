// SPDX-License-Identifier: Apache-2.0
#pragma once

// Looks at a data folder and at what the vaults really did, from outside the
// system under test, and says what is wrong.

#include "crypto/keyring/keyring.hpp"
#include "crypto/keyring/vault.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chancery::tests {

/// A real use of a key, in the order in which the uses happened.
using use_log = std::vector<crypto::key_use>;

/// The first thing that is wrong with what is stored: the audit's rules, and
/// that every stored batch was signed by a real use of its lease, while no
/// other lease of that key had been used since.
std::optional<std::string> check(const storage::record_store& store,
                                 const crypto::public_keyring& keys,
                                 const use_log& uses);

/// Everything stored that follows from the seed alone: the journal and the
/// batch rows, byte for byte (not the signatures, which are randomised).
std::string history_of(const storage::record_store& store);

} // namespace chancery::tests
