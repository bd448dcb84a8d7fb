// SPDX-License-Identifier: Apache-2.0
// `chancery keys`, and `chancery keys list`, which needs no passphrase.

#include "apps/certificates/seal_folder.hpp"
#include "apps/commands/commands.hpp"
#include "apps/commands/standing_json.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/options/key_choice.hpp"
#include "apps/records/batch_figures.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <fmt/format.h>
#include <map>
#include <memory>
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

/// Of a keyring for seals; empty otherwise.
std::map<crypto::key_id, key_standing>
standings_of(const crypto::public_keyring& keys,
             const storage::record_store& store, std::uint64_t warn_days) {
  std::map<crypto::key_id, key_standing> standings;
  if (keys.purpose != crypto::keyring_purpose::seal)
    return standings;
  const auto view = store.read();
  key_standings now(view, static_cast<std::int64_t>(now_ms() / 1000),
                    warn_days);
  for (const auto& key : keys.keys)
    standings.emplace(key.key.id(), now.of(key.key.id()));
  return standings;
}

int list(const command_context& context, std::uint64_t warn_days) {
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  auto figures = count_batches(store);
  const auto standings = standings_of(keys, store, warn_days);
  if (context.json) {
    json rows = json::array();
    for (const auto& key : keys.keys) {
      rows.push_back(key_json(key, figures.keys[key.key.id()]));
      if (const auto found = standings.find(key.key.id());
          found != standings.end())
        rows.back()["certificate"] = certificate_json(found->second);
    }
    answer({{"curve", crypto::jwk_curve_name(keys.curve)},
            {"purpose", crypto::to_text(keys.purpose)},
            {"keys", rows}});
    return 0;
  }
  say(fmt::format("{:<43}  {:<5}  {:<7}  {:>12}  {}", "ID", "CURVE", "STATE",
                  "USES", "LAST USED") +
      (standings.empty() ? "" : std::string(17, ' ') + "CERTIFICATE"));
  for (const auto& key : keys.keys) {
    const auto& use = figures.keys[key.key.id()];
    const auto found = standings.find(key.key.id());
    say(fmt::format(
        "{:<43}  {:<5}  {:<7}  {:>12}  {:<{}}{}", crypto::to_text(key.key.id()),
        crypto::jwk_curve_name(key.key.curve()), to_text(key.state),
        grouped(use.signatures),
        use.batches == 0 ? "never" : time_text(use.last_used_ms),
        found == standings.end() ? 0 : 26,
        found == standings.end() ? std::string_view()
                                 : crypto::to_text(found->second.state)));
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
  add_keys_csr(keys);
  add_keys_certificates(keys);
  add_keys_crl(keys);
  add_keys_ca(keys);
}

void add_keys_list(const command_spec& keys) {
  const auto warn_days = std::make_shared<std::uint64_t>(warn_days_default);
  const auto command =
      keys.add("list",
               "Lists every key: id, curve, state, signatures made, last use, "
               "and the state of its certificate where it needs one",
               "chancery keys list --json");
  command
      .number("--warn-days", *warn_days, {0, 3650},
              "Days before its end from which on a certificate is \"ending\"")
      .default_text("30");
  command.runs(list, warn_days);
}

} // namespace chancery::apps
