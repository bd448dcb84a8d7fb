// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a job and a service do before the actors of an epoch start: they check
// their options and open the epoch. The caller's thread; no actors.

#include "actors/signing/epoch.hpp"
#include "actors/signing/sealing_keys.hpp"
#include "actors/systems/signing_options.hpp"
#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <optional>

namespace chancery::actors {

/// Throws std::invalid_argument for options out of range.
void check_signing(const signing_options& options, crypto::curve curve);

struct opened_signing {
  opened_epoch epoch{};
  /// When the epoch ends by its certificates, in ms since 1970.
  std::optional<std::uint64_t> ends_ms{};
};

/// Throws what open_epoch throws; for a keyring for seals also no_certificate,
/// and std::runtime_error that names a record without bytes that is not signed.
opened_signing open_signing(storage::record_store& store,
                            const crypto::keyring& keys,
                            const signing_options& options);

} // namespace chancery::actors
