// SPDX-License-Identifier: Apache-2.0
#include "apps/options/signing_options.hpp"

#include "apps/options/key_choice.hpp"
#include "apps/platform/hardware_threads.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace chancery::apps {

void add_signing_options(const command_spec& command, signing_choice& choice) {
  command
      .number("--batch-size", choice.batch_size, {1, actors::batch_size_max},
              "Records in a batch, which one key signs")
      .default_text("100");
  command.number(
      "--signers", choice.signers, {choice.signers_min, actors::signers_max},
      fmt::format("Number of signers (default: {})", choice.signers_default));
  add_provider_options(command, choice.provider, choice.paranoid);
}

void add_provider_options(const command_spec& command, std::string& provider,
                          bool& paranoid) {
  command
      .text("--crypto-provider", provider,
            "Implementation of the cryptography: auto (the fastest), "
            "batch, openssl or botan")
      .one_of({"auto", "batch", "openssl", "botan"})
      .default_text("auto");
  command.flag("--paranoid", paranoid,
               "Verify every signature before it is stored (slow)");
}

crypto::provider chosen_provider(const std::string& name, crypto::curve curve) {
  return crypto::provider_from_name(name, curve, warn);
}

actors::signing_options signing_options_for(const signing_choice& choice,
                                            crypto::curve curve) {
  return {.batch_size = static_cast<std::uint32_t>(choice.batch_size),
          .signers = choice.signers.value_or(hardware_threads()),
          .provider = chosen_provider(choice.provider, curve),
          .paranoid = choice.paranoid};
}

void warn_of_idle_signers(const actors::signing_options& options,
                          const crypto::keyring& keys) {
  const auto active = active_keys(keys);
  if (active == 0)
    throw std::runtime_error("no key is active, so nothing can be signed: "
                             "make one with `chancery keys add 1`");
  if (options.signers > active)
    warn(fmt::format("{} signers share {} keys, so some will wait",
                     grouped(options.signers), grouped(active)));
}

} // namespace chancery::apps
