// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a job and a service do before the actors of an epoch start: they check
// their options and open the epoch. The caller's thread; no actors.

#include "actors/signing/epoch.hpp"
#include "actors/systems/signing_options.hpp"
#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

namespace chancery::actors {

/// Throws std::invalid_argument for options out of range.
void check_signing(const signing_options& options, crypto::curve curve);

/// Throws what open_epoch throws.
opened_epoch open_signing(storage::record_store& store,
                          const crypto::keyring& keys,
                          const signing_options& options);

} // namespace chancery::actors
