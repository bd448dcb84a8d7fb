// SPDX-License-Identifier: Apache-2.0
#pragma once

// Certificates for a simulation whose keyring is for seals: an authority for
// trials, whose key is forgotten at once, certifies every key of the keyring.

#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

namespace chancery::apps {

/// One transaction. Valid from now on for two years.
void certify_for_trial(storage::record_store& store,
                       const crypto::keyring& keys);

} // namespace chancery::apps
