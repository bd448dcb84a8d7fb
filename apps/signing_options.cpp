// SPDX-License-Identifier: Apache-2.0
#include "apps/signing_options.hpp"

#include "apps/console.hpp"
#include "apps/figures.hpp"
#include "apps/key_choice.hpp"
#include "apps/number_option.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>
#include <thread>

namespace chancery::apps {

void add_signing_options(CLI::App& command, signing_choice& choice) {
  add_number(command, "--batch-size", choice.batch_size,
             {1, actors::batch_size_max}, "Records that one key signs in a row")
      ->default_str("100");
  add_number(command, "--signers", choice.signers,
             {choice.signers_min, actors::signers_max},
             "Signers at work at a time (default: one a core)");
  command
      .add_option("--crypto-provider", choice.provider,
                  "Who does the arithmetic: auto, openssl or botan")
      ->check(CLI::IsMember({"auto", "openssl", "botan"}))
      ->default_str("auto");
}

actors::signing_options signing_options_for(const signing_choice& choice,
                                            crypto::curve curve) {
  return {.batch_size = static_cast<std::uint32_t>(choice.batch_size),
          .signers = choice.signers.value_or(hardware_threads()),
          .provider = crypto::provider_from_name(choice.provider, curve)};
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

std::uint64_t hardware_threads() {
  return std::clamp<std::uint64_t>(std::thread::hardware_concurrency(), 1,
                                   actors::signers_max);
}

} // namespace chancery::apps
