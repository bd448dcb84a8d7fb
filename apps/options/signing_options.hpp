// SPDX-License-Identifier: Apache-2.0
#pragma once

// The options of a signing run, shared by `sign` and `simulate signing`.

#include "actors/systems/signing_options.hpp"
#include "apps/options/command_spec.hpp"
#include "crypto/base/curve.hpp"
#include "crypto/keyring/keyring.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace chancery::apps {

struct signing_choice {
  std::uint64_t batch_size = 100;
  std::optional<std::uint64_t> signers; ///< default: one per hardware thread
  std::string provider = "auto";
  bool paranoid = false;
  std::uint64_t signers_min = 1; ///< 0 where workers may do all the work
  std::string signers_default = "one per core"; ///< for people
  std::optional<std::string> format;            ///< default: by the keyring
  std::string content_type;                     ///< of seals
  std::uint64_t margin_minutes = 60;            ///< before a certificate ends
};

void add_signing_options(const command_spec& command, signing_choice& choice);

/// --crypto-provider and --paranoid, for every command that signs records.
void add_provider_options(const command_spec& command, std::string& provider,
                          bool& paranoid);

/// As crypto::provider_from_name, with a warning for each provider skipped.
crypto::provider chosen_provider(const std::string& name, crypto::curve curve);

/// Throws std::runtime_error for a format that the keyring is not for.
actors::signing_options signing_options_for(const signing_choice& choice,
                                            const crypto::keyring& keys);

/// Warns when there are more signers than active keys. Throws
/// std::runtime_error when no key is active.
void warn_of_idle_signers(const actors::signing_options& options,
                          const crypto::keyring& keys);

} // namespace chancery::apps
