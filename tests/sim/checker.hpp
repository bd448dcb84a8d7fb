// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks a data folder and the vaults' actual uses of keys, from outside the
// system under test.

#include "crypto/keyring/keyring.hpp"
#include "crypto/keyring/vault.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chancery::tests {

/// The actual uses of keys, in the order in which they happened.
using use_log = std::vector<crypto::key_use>;

/// The first violation in what is stored: of the audit's rules, or of the rule
/// that every stored batch was signed by an actual use of its lease, before the
/// key was used under a newer lease.
std::optional<std::string> check(const storage::record_store& store,
                                 const crypto::public_keyring& keys,
                                 const use_log& uses);

/// Everything stored that depends on the seed alone: the journal and the batch
/// rows, byte for byte (not the signatures, which are randomised).
std::string history_of(const storage::record_store& store);

} // namespace chancery::tests
