// SPDX-License-Identifier: Apache-2.0
#pragma once

// The options of a signing run as `sign` and `simulate signing` share them.

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
  std::optional<std::uint64_t> signers; ///< one for each hardware thread
  std::string provider = "auto";
  bool paranoid = false;
  std::uint64_t signers_min = 1; ///< a coordinator may have none of its own
};

void add_signing_options(const command_spec& command, signing_choice& choice);

/// --crypto-provider and --paranoid, for every command that signs records.
void add_provider_options(const command_spec& command, std::string& provider,
                          bool& paranoid);

/// As crypto::provider_from_name, with a warning for each that is passed over.
crypto::provider chosen_provider(const std::string& name, crypto::curve curve);

actors::signing_options signing_options_for(const signing_choice& choice,
                                            crypto::curve curve);

/// Says so when some signers will only wait for keys, and throws when there is
/// no key to sign with.
void warn_of_idle_signers(const actors::signing_options& options,
                          const crypto::keyring& keys);

} // namespace chancery::apps
