// SPDX-License-Identifier: Apache-2.0
// `chancery keys` and `chancery keys list`, which needs no passphrase.

#include "apps/batch_figures.hpp"
#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/data_folder.hpp"
#include "apps/figures.hpp"
#include "apps/key_choice.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

json key_json(const crypto::public_keyring_key& key,
              const key_use_figures& use) {
  return {{"id", crypto::to_text(key.key.id())},
          {"curve", crypto::jwk_curve_name(key.key.curve())},
          {"state", to_text(key.state)},
          {"uses", use.signatures},
          {"batches", use.batches},
          {"last_used",
           use.batches == 0 ? json() : json(time_text(use.last_used_ms))}};
}

int list(const command_context& context) {
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  auto figures = count_batches(store);
  if (context.json) {
    json rows = json::array();
    for (const auto& key : keys.keys)
      rows.push_back(key_json(key, figures.keys[key.key.id()]));
    answer({{"curve", crypto::jwk_curve_name(keys.curve)}, {"keys", rows}});
    return 0;
  }
  say(fmt::format("{:<43}  {:<5}  {:<7}  {:>12}  {}", "ID", "CURVE", "STATE",
                  "USES", "LAST USED"));
  for (const auto& key : keys.keys) {
    const auto& use = figures.keys[key.key.id()];
    say(fmt::format("{:<43}  {:<5}  {:<7}  {:>12}  {}",
                    crypto::to_text(key.key.id()),
                    crypto::jwk_curve_name(key.key.curve()), to_text(key.state),
                    grouped(use.signatures),
                    use.batches == 0 ? "never" : time_text(use.last_used_ms)));
  }
  return 0;
}

} // namespace

void add_keys(CLI::App& app, command_context& context) {
  auto* keys = app.add_subcommand("keys", "Shows and changes the keyring");
  keys->require_subcommand(1);
  keys->footer(help_footer("chancery keys list"));
  add_keys_list(*keys, context);
  add_keys_add(*keys, context);
  add_keys_import(*keys, context);
  add_keys_export(*keys, context);
  add_keys_bundle(*keys, context);
  add_keys_retire(*keys, context);
  add_keys_passphrase(*keys, context);
}

void add_keys_list(CLI::App& keys, command_context& context) {
  auto* command = keys.add_subcommand(
      "list", "Every key: id, curve, state, signatures made, last used");
  command->footer(help_footer("chancery keys list --json"));
  command->callback(
      [&context] { context.action = [&context] { return list(context); }; });
}

} // namespace chancery::apps
