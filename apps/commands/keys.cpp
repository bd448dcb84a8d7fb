// SPDX-License-Identifier: Apache-2.0
// `chancery keys`, and `chancery keys list`, which needs no passphrase.

#include "apps/commands/commands.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/options/key_choice.hpp"
#include "apps/records/batch_figures.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

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
    answer({{"curve", crypto::jwk_curve_name(keys.curve)},
            {"purpose", crypto::to_text(keys.purpose)},
            {"keys", rows}});
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

void add_keys(const command_spec& app) {
  const auto keys =
      app.add("keys", "Shows and changes the keyring", "chancery keys list");
  keys.needs_subcommand();
  add_keys_list(keys);
  add_keys_add(keys);
  add_keys_import(keys);
  add_keys_export(keys);
  add_keys_bundle(keys);
  add_keys_retire(keys);
  add_keys_passphrase(keys);
}

void add_keys_list(const command_spec& keys) {
  const auto command = keys.add(
      "list", "Lists every key: id, curve, state, signatures made, last use",
      "chancery keys list --json");
  command.runs(list);
}

} // namespace chancery::apps
