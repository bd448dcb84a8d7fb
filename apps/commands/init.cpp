// SPDX-License-Identifier: Apache-2.0
// `chancery init`: makes the data folder, the database and the keyring.

#include "apps/commands/commands.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/options/key_choice.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

struct init_options {
  std::uint64_t keys = 100;
  std::string curve = "p256";
  std::string purpose = "raw";
};

int init_folder(const command_context& context, const init_options& options) {
  require_plausible_clock();
  const data_folder folder(context.data);
  const auto curve = crypto::curve_from_name(options.curve);
  const auto made = make_data_folder(
      folder, {.keys = options.keys,
               .curve = curve,
               .purpose = crypto::keyring_purpose_from_name(options.purpose),
               .secret = find_passphrase({.file = context.passphrase_file}),
               .map_size = context.map_size});
  const auto stored = folder.passphrase_path().string();
  if (context.json) {
    const auto ids = crypto::fingerprint(folder.public_keys());
    answer({{"data", folder.root().string()},
            {"keys", options.keys},
            {"curve", crypto::jwk_curve_name(curve)},
            {"purpose", options.purpose},
            {"fingerprint", crypto::to_text(ids)},
            {"passphrase_file", made.passphrase_stored
                                    ? nlohmann::ordered_json(stored)
                                    : nlohmann::ordered_json()}});
    return 0;
  }
  say(fmt::format("{}: created with {} keys on {}{}", folder.root().string(),
                  grouped(options.keys), crypto::jwk_curve_name(curve),
                  options.purpose == "seal" ? " for seals" : ""));
  if (options.purpose == "seal")
    say("Each key needs a certificate before it signs: `chancery keys csr` "
        "asks an authority for them, `chancery keys ca` makes one for trials.");
  if (made.passphrase_stored)
    say(fmt::format("The keyring's passphrase is random and stored in {}. "
                    "Anyone who can read that file and the keyring can sign: "
                    "move it elsewhere, or set your own with `chancery keys "
                    "passphrase`.",
                    stored));
  return 0;
}

} // namespace

void add_init(const command_spec& app) {
  const auto options = std::make_shared<init_options>();
  const auto command = app.add("init", "Makes a data folder with a keyring",
                               "chancery init --data archive --keys 16");
  command.number("--keys", options->keys, {1, keys_max}, "Number of keys")
      .default_text("100");
  command.text("--curve", options->curve, "The curve of all keys: p256 or p384")
      .one_of({"p256", "p384"})
      .default_text("p256");
  command
      .text("--purpose", options->purpose,
            "What the keys sign, for good. raw: the digests of records; seal: "
            "advanced electronic seals in a standard format (JAdES), under "
            "certificates")
      .one_of({"raw", "seal"})
      .default_text("raw");
  command.runs(init_folder, options);
}

} // namespace chancery::apps
