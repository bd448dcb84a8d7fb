// SPDX-License-Identifier: Apache-2.0
#include "apps/options/key_choice.hpp"

#include <algorithm>
#include <fmt/format.h>
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

std::string_view to_text(crypto::key_state state) noexcept {
  return state == crypto::key_state::active ? "active" : "retired";
}

std::uint64_t active_keys(const crypto::keyring& keys) {
  return static_cast<std::uint64_t>(std::count_if(
      keys.keys().begin(), keys.keys().end(),
      [](const auto& key) { return key.state == crypto::key_state::active; }));
}

} // namespace chancery::apps
