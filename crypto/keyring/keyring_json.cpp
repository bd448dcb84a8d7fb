// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/keyring_json.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/jose/jwk.hpp"
#include "crypto/jose/strict_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace chancery::crypto {

namespace {

constexpr const char* format_member = "chancery_format";
constexpr const char* curve_member = "chancery_curve";
constexpr const char* state_member = "chancery_state";
constexpr const char* purpose_member = "chancery_purpose";
constexpr std::uint64_t format_with_purpose = 2;

template <class Json>
Json empty_set(curve c) {
  auto set = Json::object();
  set[format_member] = keyring_format;
  set[curve_member] = typename Json::string_t(jwk_curve_name(c));
  set["keys"] = Json::array();
  return set;
}

/// RFC 7517 section 4.2.
std::string_view use_name(key_purpose use) {
  return use == key_purpose::signing ? "sig" : "enc";
}

/// RFC 7518 section 3.1 or 4.1.
std::string_view algorithm_of(curve c, key_purpose use) {
  return use == key_purpose::signing ? jws_algorithm(c) : "ECDH-ES";
}

/// Adds the members that all our keys have besides their numbers.
template <class Json>
void describe(const public_key& key, key_state state, key_purpose use,
              keyring_purpose purpose, Json& jwk) {
  using string = typename Json::string_t;
  const auto kid = to_text(key.id());
  jwk["kid"] = string(kid.begin(), kid.end());
  jwk["alg"] = string(algorithm_of(key.curve(), use));
  jwk["use"] = string(use_name(use));
  jwk[state_member] = state == key_state::active ? "active" : "retired";
  jwk[purpose_member] = string(to_text(purpose));
}

template <class Json>
std::string_view text_of_member(const Json& object, const char* name) {
  const auto text = text_member(object, name);
  if (!text)
    throw std::invalid_argument(
        fmt::format("it has no string member '{}'", name));
  return *text;
}

template <class Json>
const Json& keys_of(const Json& set) {
  const auto* keys = find_member(set, "keys");
  if (keys == nullptr || !keys->is_array())
    throw std::invalid_argument("it has no list of keys");
  return *keys;
}

template <class Json>
curve curve_of_set(const Json& set) {
  return curve_from_name(text_of_member(set, curve_member));
}

template <class Json>
key_purpose use_of(const Json& jwk) {
  const auto text = text_of_member(jwk, "use");
  for (const auto use : {key_purpose::signing, key_purpose::encryption})
    if (text == use_name(use))
      return use;
  throw std::invalid_argument(
      "a key is neither for signing nor for encryption");
}

template <class Json>
void require_algorithm(const Json& jwk, curve c, key_purpose use) {
  if (text_of_member(jwk, "alg") != algorithm_of(c, use))
    throw std::invalid_argument("a key's algorithm does not fit its use");
}

/// Gathers the purpose that all keys of a set have.
class common_purpose {
 public:
  template <class Json>
  explicit common_purpose(const Json& set)
      : stated_(number_member(set, format_member) >= format_with_purpose) {}

  template <class Json>
  void add(const Json& jwk) {
    if (!stated_)
      return;
    const auto purpose =
        keyring_purpose_from_name(text_of_member(jwk, purpose_member));
    if (found_ && *found_ != purpose)
      throw std::invalid_argument("it mixes keys for two purposes");
    found_ = purpose;
  }

  keyring_purpose get() const { return found_.value_or(keyring_purpose::raw); }

 private:
  bool stated_;
  std::optional<keyring_purpose> found_;
};

/// A key's state, after checking that its other members belong to it.
template <class Json>
key_state checked_state(const Json& jwk, const public_key& key, curve c,
                        std::set<key_id>& seen) {
  if (key.curve() != c)
    throw std::invalid_argument("it mixes keys of two curves");
  if (text_of_member(jwk, "kid") != to_text(key.id()))
    throw std::invalid_argument("a key's id is not its thumbprint");
  if (!seen.insert(key.id()).second)
    throw std::invalid_argument("it holds a key twice");
  const auto state = text_of_member(jwk, state_member);
  if (state == "active")
    return key_state::active;
  if (state == "retired")
    return key_state::retired;
  throw std::invalid_argument("a key is neither active nor retired");
}

} // namespace

secret_string keyring_to_json(const keyring& keys) {
  auto set = empty_set<secret_json>(keys.curve());
  for (const auto& [key, state, use] : keys.keys()) {
    auto jwk = to_secret_jwk(key);
    describe(key.public_half(), state, use, keys.purpose(), jwk);
    set["keys"].push_back(std::move(jwk));
  }
  auto lease = secret_json::object();
  lease["kty"] = "oct";
  lease["use"] = "sig";
  lease["alg"] = "HS256";
  lease["kid"] = "lease-secret";
  lease["k"] = base64url_encode_secret(keys.lease_secret());
  set["keys"].push_back(std::move(lease));
  return set.dump();
}

std::string public_keyring_to_json(const public_keyring& keys) {
  auto set = empty_set<nlohmann::json>(keys.curve);
  for (const auto& [key, state, use] : keys.keys) {
    auto jwk = to_jwk(key);
    describe(key, state, use, keys.purpose, jwk);
    set["keys"].push_back(std::move(jwk));
  }
  return set.dump(2) + "\n";
}

keyring keyring_from_json(std::string_view text) {
  const auto set = parse_secret_json(text);
  require_format(set, format_member, keyring_format, "a keyring");
  const auto c = curve_of_set(set);
  std::vector<keyring_key> keys;
  std::set<key_id> seen;
  std::optional<secret_string> lease_secret;
  common_purpose purpose(set);
  for (const auto& jwk : keys_of(set)) {
    if (text_of_member(jwk, "kty") == "oct") {
      if (lease_secret)
        throw std::invalid_argument("it holds two lease secrets");
      require_permitted(jwk, jwk_purpose::sign);
      lease_secret = base64url_decode_secret(text_of_member(jwk, "k"));
      if (!lease_secret)
        throw std::invalid_argument("its lease secret is malformed");
      continue;
    }
    const auto use = use_of(jwk);
    auto key = private_key_from_jwk(jwk, use == key_purpose::signing
                                             ? jwk_purpose::sign
                                             : jwk_purpose::agree);
    const auto state = checked_state(jwk, key.public_half(), c, seen);
    require_algorithm(jwk, c, use);
    purpose.add(jwk);
    keys.push_back({std::move(key), state, use});
  }
  if (!lease_secret)
    throw std::invalid_argument("it holds no lease secret");
  return keyring(c, std::move(keys), bytes_of(*lease_secret), purpose.get());
}

public_keyring public_keyring_from_json(std::string_view text) {
  const auto set = parse_strict_json(text);
  require_format(set, format_member, keyring_format, "a keyring");
  public_keyring keys{curve_of_set(set), {}};
  common_purpose purpose(set);
  std::set<key_id> seen;
  for (const auto& jwk : keys_of(set)) {
    const auto use = use_of(jwk);
    auto key = public_key_from_jwk(jwk, use == key_purpose::signing
                                            ? jwk_purpose::verify
                                            : jwk_purpose::agree_with);
    const auto state = checked_state(jwk, key, keys.curve, seen);
    require_algorithm(jwk, keys.curve, use);
    purpose.add(jwk);
    keys.keys.push_back({std::move(key), state, use});
  }
  keys.purpose = purpose.get();
  return keys;
}

} // namespace chancery::crypto
