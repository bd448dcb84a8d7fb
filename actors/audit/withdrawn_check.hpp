// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks that no withdrawn signature is valid: none verifies under the key of
// the batch that held it, over the record's bytes of today. One thread, in
// bounded memory.

#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace chancery::actors {

/// Calls `valid` with the record and a sentence for each one that is.
void check_withdrawn(
    const storage::snapshot& view, const crypto::public_keyring& keys,
    const std::function<void(std::uint64_t, const std::string&)>& valid);

} // namespace chancery::actors
