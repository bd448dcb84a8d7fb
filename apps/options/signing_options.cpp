// SPDX-License-Identifier: Apache-2.0
#include "apps/options/signing_options.hpp"

#include "apps/options/key_choice.hpp"
#include "apps/platform/hardware_threads.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/seals/jades_header.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <stdexcept>

namespace chancery::apps {

namespace {

void add_seal_options(const command_spec& command, signing_choice& choice) {
  command
      .text("--format", choice.format,
            "raw signatures or jades seals: what the keyring is for, and the "
            "default")
      .one_of({"raw", "jades"});
  command
      .text("--content-type", choice.content_type,
            "Of seals: what the records are, as json or text/xml (default: "
            "nothing is said)")
      .value_name("TYPE");
  command
      .number("--certificate-margin", choice.margin_minutes, {0, 525'600},
              "Of seals: no key signs in the last minutes of its certificate")
      .default_text("60");
}

void require_format(const signing_choice& choice, const crypto::keyring& keys) {
  const bool seals = keys.purpose() == crypto::keyring_purpose::seal;
  if (choice.format && (*choice.format == "jades") != seals)
    throw std::runtime_error(
        seals ? "the keyring is for seals, so it makes no raw signatures: make "
                "a folder with `chancery init` for them"
              : "the keyring is for raw signatures, so it makes no seals: make "
                "a folder with `chancery init --purpose seal` for them");
  if (!seals && !choice.content_type.empty())
    throw std::runtime_error("--content-type is for seals, and the keyring is "
                             "for raw signatures");
}

} // namespace

void add_signing_options(const command_spec& command, signing_choice& choice) {
  command
      .number("--batch-size", choice.batch_size, {1, actors::batch_size_max},
              "Records in a batch, which one key signs")
      .default_text("100");
  command.number(
      "--signers", choice.signers, {choice.signers_min, actors::signers_max},
      fmt::format("Number of signers (default: {})", choice.signers_default));
  add_provider_options(command, choice.provider, choice.paranoid);
  add_seal_options(command, choice);
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
                                            const crypto::keyring& keys) {
  require_format(choice, keys);
  actors::signing_options options;
  options.batch_size = static_cast<std::uint32_t>(choice.batch_size);
  options.signers = choice.signers.value_or(hardware_threads());
  options.provider = chosen_provider(choice.provider, keys.curve());
  options.paranoid = choice.paranoid;
  if (!choice.content_type.empty())
    options.seals.content_type =
        crypto::jades_content_type(choice.content_type);
  options.seals.margin =
      std::chrono::minutes{static_cast<std::int64_t>(choice.margin_minutes)};
  options.seals.note = warn;
  return options;
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
