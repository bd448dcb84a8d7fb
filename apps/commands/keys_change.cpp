// SPDX-License-Identifier: Apache-2.0
// `chancery keys add` and `retire`: change the keyring file, while no process
// signs, or beside a service, which uses the change from its next epoch on.

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

using json = nlohmann::ordered_json;

int add(const command_context& context, std::uint64_t count) {
  require_plausible_clock();
  const auto folder = data_folder::existing(context);
  const auto claim = folder.claim_keyring();
  auto [keys, used] = folder.open_keyring(context, true);
  if (keys.keys().size() + count > keys_max)
    throw std::runtime_error(fmt::format(
        "{} keys and {} more exceed the limit of {} keys in a keyring",
        grouped(keys.keys().size()), grouped(count), grouped(keys_max)));
  const auto random = crypto::system_random();
  json added = json::array();
  for (std::uint64_t i = 0; i < count; ++i) {
    auto key = crypto::private_key::generate(keys.curve(), random);
    added.push_back(crypto::to_text(key.id()));
    keys.add(std::move(key));
  }
  crypto::save_keyring(folder.keyring_path(), keys, used.text, random);
  if (context.json)
    answer({{"added", added}, {"keys", keys.keys().size()}});
  else
    say(fmt::format("added {} keys; the keyring has {} now", grouped(count),
                    grouped(keys.keys().size())));
  claim.note_service();
  return 0;
}

int retire(const command_context& context, const std::string& name) {
  require_plausible_clock();
  const auto folder = data_folder::existing(context);
  const auto claim = folder.claim_keyring();
  auto [keys, used] = folder.open_keyring(context, true);
  const auto id = choose_key(folder.public_keys(), name).key.id();
  keys.retire(id);
  crypto::save_keyring(folder.keyring_path(), keys, used.text,
                       crypto::system_random());
  const auto active = active_keys(keys);
  if (context.json)
    answer({{"retired", crypto::to_text(id)}, {"active", active}});
  else
    say(fmt::format(
        "{} signs no more, its signatures still verify; {} keys are active",
        crypto::to_text(id), grouped(active)));
  claim.note_service();
  if (active == 0)
    warn("no key is active: `chancery sign` needs one (`chancery keys add 1`)");
  return 0;
}

} // namespace

void add_keys_add(const command_spec& keys) {
  const auto count = std::make_shared<std::uint64_t>(0);
  const auto command =
      keys.add("add", "Adds new random keys", "chancery keys add 10");
  command.number("N", *count, {1, keys_max}, "Number of keys").required();
  command.runs(add, count);
}

void add_keys_retire(const command_spec& keys) {
  const auto id = std::make_shared<std::string>();
  const auto command = keys.add(
      "retire", "Retires a key: it signs no more, its signatures still verify",
      "chancery keys retire Vt3kR0s");
  command.text("ID", *id, "The key's id, or the beginning of it").required();
  command.runs(retire, id);
}

} // namespace chancery::apps
