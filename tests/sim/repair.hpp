// SPDX-License-Identifier: Apache-2.0
#pragma once

// Repairs a store between two epochs, as its operator would, and checks what
// came of it by what is known outside the system: which signatures are wrong.

#include "faulty_core.hpp"

#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <string>

namespace chancery::tests {

/// Withdraws all wrong signatures, by one command or several, and adds their
/// number to `withdrawn`. Returns the first violation: a wrong signature that
/// is still stored, or a right one that was touched. Throws what a commit does.
std::optional<std::string> repair(storage::record_store& store,
                                  const crypto::public_keyring& keys,
                                  const wrong_bytes& wrong,
                                  std::mt19937_64& random,
                                  std::uint64_t& withdrawn);

} // namespace chancery::tests
