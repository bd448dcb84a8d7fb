// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which keys of a keyring may seal now, by their certificates: those whose
// whole chain is valid, with a margin before it ends, and of which no list that
// is stored says that it is revoked, whenever that begins. Signatures of
// certificates were checked when they were stored; the audit checks them again.
// Pure functions on a snapshot.

#include "crypto/certificates/certificate_state.hpp"
#include "storage/record_store.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace chancery::actors {

/// No key of the keyring may seal at this moment.
class no_certificate : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct sealing_keys {
  std::vector<storage::key_name> ids{}; ///< in the order asked for
  std::map<storage::key_name, storage::certificate_name> leaves{}; ///< of ids
  /// When the first of their certificates ends, less the margin; ms since 1970.
  std::optional<std::uint64_t> ends_ms{};
  /// How many keys were left out, by the state of their certificates.
  std::map<crypto::certificate_state, std::uint64_t> left_out{};

  /// "3 keys are left out: 2 without a certificate, 1 expired"; empty when none
  /// is.
  std::string left_out_text() const;
};

/// `keys` are active ones. `at_ms` is now, since 1970.
sealing_keys find_sealing_keys(const storage::snapshot& view,
                               std::span<const storage::key_name> keys,
                               std::uint64_t at_ms,
                               std::chrono::seconds margin);

} // namespace chancery::actors
