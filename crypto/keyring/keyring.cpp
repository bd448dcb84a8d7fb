// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/keyring.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"

#include <botan/secmem.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace chancery::crypto {

namespace {

// RFC 7518 3.2: a key for HMAC is at least as long as the hash.
constexpr std::size_t lease_secret_size = 32;

constexpr std::string_view seal_tag = "chancery-seal";

} // namespace

// Immutable once shared: a change makes a new state, so that copies of a
// keyring are cheap values.
struct keyring::state {
  crypto::curve curve;
  keyring_purpose purpose;
  std::vector<keyring_key> keys;
  Botan::secure_vector<std::uint8_t> lease_secret;
};

keyring::keyring(crypto::curve c, std::size_t count,
                 const random_source& random, keyring_purpose purpose) {
  state made{
      c, purpose, {}, Botan::secure_vector<std::uint8_t>(lease_secret_size)};
  made.keys.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    made.keys.push_back({private_key::generate(c, random)});
  random(std::as_writable_bytes(std::span(made.lease_secret)));
  state_ = std::make_shared<const state>(std::move(made));
}

keyring::keyring(crypto::curve c, std::vector<keyring_key> keys,
                 std::span<const std::byte> lease_secret,
                 keyring_purpose purpose) {
  if (lease_secret.size() < lease_secret_size)
    throw std::invalid_argument(fmt::format(
        "a lease secret needs at least {} bytes", lease_secret_size));
  std::set<key_id> seen;
  for (const auto& [key, state, use] : keys) {
    if (key.curve() != c)
      throw std::invalid_argument("a key is not on the keyring's curve");
    if (!seen.insert(key.id()).second)
      throw std::invalid_argument("a key is in the keyring twice");
  }
  state_ = std::make_shared<const state>(state{
      c,
      purpose,
      std::move(keys),
      {octets(lease_secret), octets(lease_secret) + lease_secret.size()}});
}

crypto::curve keyring::curve() const noexcept { return state_->curve; }

keyring_purpose keyring::purpose() const noexcept { return state_->purpose; }

const std::vector<keyring_key>& keyring::keys() const noexcept {
  return state_->keys;
}

std::span<const std::byte> keyring::lease_secret() const noexcept {
  return std::as_bytes(std::span(state_->lease_secret));
}

void keyring::add(private_key key) {
  if (key.curve() != state_->curve)
    throw std::invalid_argument(fmt::format(
        "the key is on {} and the keyring on {}", jwk_curve_name(key.curve()),
        jwk_curve_name(state_->curve)));
  for (const auto& present : state_->keys)
    if (present.key.id() == key.id())
      throw std::invalid_argument(fmt::format(
          "the key {} is already in the keyring", to_text(key.id())));
  auto changed = *state_;
  changed.keys.push_back({std::move(key)});
  state_ = std::make_shared<const state>(std::move(changed));
}

void keyring::retire(const key_id& id) {
  auto changed = *state_;
  for (auto& [key, key_state, use] : changed.keys) {
    if (key.id() != id)
      continue;
    key_state = key_state::retired;
    state_ = std::make_shared<const state>(std::move(changed));
    return;
  }
  throw std::invalid_argument(
      fmt::format("there is no key {} in the keyring", to_text(id)));
}

public_keyring public_half(const keyring& keys) {
  public_keyring half{keys.curve(), {}, keys.purpose()};
  half.keys.reserve(keys.keys().size());
  for (const auto& [key, state, use] : keys.keys())
    half.keys.push_back({key.public_half(), state, use});
  return half;
}

std::vector<private_key> record_keys(const keyring& keys) {
  std::vector<private_key> active;
  for (const auto& [key, state, use] : keys.keys()) {
    if (use != key_purpose::signing)
      throw std::invalid_argument(
          fmt::format("the keyring is a ledger node's, as it holds the "
                      "encryption key {}; its keys must not sign records",
                      to_text(key.id())));
    if (state == key_state::active)
      active.push_back(key);
  }
  return active;
}

const public_keyring_key*
public_keyring::find(const key_id& id) const noexcept {
  for (const auto& candidate : keys)
    if (candidate.key.id() == id)
      return &candidate;
  return nullptr;
}

key_id fingerprint(const public_keyring& keys) {
  std::vector<key_id> ids;
  ids.reserve(keys.keys.size());
  for (const auto& [key, state, use] : keys.keys)
    ids.push_back(key.id());
  std::sort(ids.begin(), ids.end());
  std::string text(keys.purpose == keyring_purpose::seal ? seal_tag : "");
  for (const auto& id : ids)
    text.append(id.begin(), id.end());
  return sha256(bytes_of(text));
}

} // namespace chancery::crypto
