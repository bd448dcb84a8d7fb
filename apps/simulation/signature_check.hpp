// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verifies and audits all signatures of a simulation.

#include "actors/audit/audit.hpp"
#include "actors/audit/verify.hpp"
#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <atomic>

namespace chancery::apps {

struct checked_signatures {
  actors::verify_result verified;
  actors::audit_report audit;

  /// Every record has a signature, all of them verify, and no rule is broken.
  bool good() const {
    return verified.wrong == 0 && verified.checked == verified.records &&
           audit.passed;
  }
};

/// Verifies and audits all signatures on all cores, with progress lines. Throws
/// std::runtime_error when `stop` is set before the audit.
checked_signatures check_signatures(const storage::record_store& store,
                                    const crypto::public_keyring& keys,
                                    const std::atomic<bool>& stop);

} // namespace chancery::apps
