// SPDX-License-Identifier: Apache-2.0
#pragma once

// What all simulations do: work in a temporary folder or in one that stays,
// until they are done or interrupted, verify and audit what was signed, and
// answer whether all was well. Main thread.

#include "actors/audit/audit.hpp"
#include "actors/audit/verify.hpp"
#include "apps/options/command_spec.hpp"
#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <atomic>
#include <filesystem>
#include <functional>

namespace chancery::apps {

/// `--keep DIR`; `keep` stays empty without it.
option_spec add_keep_option(const command_spec& command,
                            std::filesystem::path& keep);

/// Whether all was well.
using simulation_body = std::function<bool(const std::filesystem::path& folder,
                                           const std::atomic<bool>& stop)>;

/// Runs `body` in `keep`, which must be free, or in a temporary folder that is
/// removed afterwards if `keep` is empty. Returns an exit code.
int run_simulation(const std::filesystem::path& keep,
                   const simulation_body& body);

/// Throws std::runtime_error when the simulation was interrupted.
void throw_if_stopped(const std::atomic<bool>& stop);

struct checked_signatures {
  actors::verify_result verified;
  actors::audit_report audit;

  /// Every record has a signature, all of them verify, and no rule is broken.
  bool good() const {
    return verified.wrong == 0 && verified.checked == verified.records &&
           audit.passed;
  }
};

/// Verifies and audits all signatures, on all cores, and shows how far it is.
checked_signatures check_signatures(const storage::record_store& store,
                                    const crypto::public_keyring& keys,
                                    const std::atomic<bool>& stop);

} // namespace chancery::apps
