// SPDX-License-Identifier: Apache-2.0
#include "apps/options/key_choice.hpp"

#include "apps/terminal/command_context.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <stdexcept>

namespace chancery::apps {

const crypto::public_keyring_key& choose_key(const crypto::public_keyring& keys,
                                             std::string_view name) {
  std::string_view prefix = name;
  if (prefix.starts_with("id:"))
    prefix.remove_prefix(3);
  const crypto::public_keyring_key* found = nullptr;
  for (const auto& candidate : keys.keys) {
    if (prefix.empty() ||
        !crypto::to_text(candidate.key.id()).starts_with(prefix))
      continue;
    if (found != nullptr)
      throw std::runtime_error(fmt::format(
          "more than one key id begins with {}: give more of the id", prefix));
    found = &candidate;
  }
  if (found == nullptr)
    throw std::runtime_error(fmt::format(
        "there is no key {}: `chancery keys list` lists the keys", name));
  return *found;
}

std::vector<placed_key> choose_active_keys(const crypto::public_keyring& keys,
                                           std::span<const std::string> names,
                                           bool all) {
  if (all == !names.empty())
    throw usage_error("name keys by their ids, or give --all for every active "
                      "key");
  std::set<const crypto::public_keyring_key*> named;
  for (const auto& name : names) {
    const auto& key = choose_key(keys, name);
    if (key.state != crypto::key_state::active)
      throw std::runtime_error(
          fmt::format("the key {} is retired, and only active keys get "
                      "certificates",
                      crypto::to_text(key.key.id())));
    named.insert(&key);
  }
  std::vector<placed_key> chosen;
  for (std::size_t i = 0; i < keys.keys.size(); ++i) {
    const auto& key = keys.keys[i];
    if (all ? key.state == crypto::key_state::active : named.contains(&key))
      chosen.push_back({i + 1, &key});
  }
  if (chosen.empty())
    throw std::runtime_error(
        "no key is active: add one with `chancery keys add 1`");
  return chosen;
}

std::string_view to_text(crypto::key_state state) noexcept {
  return state == crypto::key_state::active ? "active" : "retired";
}

std::uint64_t active_keys(const crypto::keyring& keys) {
  return static_cast<std::uint64_t>(std::count_if(
      keys.keys().begin(), keys.keys().end(),
      [](const auto& key) { return key.state == crypto::key_state::active; }));
}

} // namespace chancery::apps
