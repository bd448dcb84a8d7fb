// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/keyring_bundle.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/jose/password_jwe.hpp"
#include "crypto/jose/strict_json.hpp"
#include "crypto/keyring/keyring_iterations.hpp"
#include "crypto/keyring/keyring_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

namespace chancery::crypto {

namespace {

constexpr const char* bundle_format_member = "chancery_bundle";
constexpr const char* folder_member = "chancery_folder";
constexpr const char* keyring_member = "keyring";
constexpr std::uint64_t bundle_format = 1;

[[noreturn]] void refuse_bundle(const char* what) {
  throw std::invalid_argument(what);
}

secret_string bundle_to_json(const keyring& keys, const random_id& folder) {
  auto bundle = secret_json::object();
  bundle[bundle_format_member] = bundle_format;
  bundle[folder_member] =
      base64url_encode_secret(std::as_bytes(std::span(folder)));
  bundle[keyring_member] = parse_secret_json(keyring_to_json(keys));
  return bundle.dump();
}

random_id folder_of(const secret_json& bundle) {
  random_id folder{};
  const auto bytes = octets_member(bundle, folder_member, folder.size());
  if (!bytes)
    refuse_bundle("the id of its data folder is malformed");
  std::copy(bytes->begin(), bytes->end(), folder.begin());
  return folder;
}

opened_bundle bundle_from_json(std::string_view text) {
  const auto bundle = parse_secret_json(text);
  require_format(bundle, bundle_format_member, bundle_format,
                 "a keyring bundle");
  const auto folder = folder_of(bundle);
  const auto* keyring = find_member(bundle, keyring_member);
  if (keyring == nullptr)
    refuse_bundle("it has no member 'keyring'");
  auto keys = keyring_from_json(keyring->dump());
  // A worker must not bring a retired key back into use.
  if (record_keys(keys).size() != keys.keys().size() || keys.keys().empty())
    refuse_bundle("it holds a retired key, or no key");
  return {std::move(keys), folder};
}

} // namespace

keyring worker_half(const keyring& keys) {
  std::vector<keyring_key> active;
  for (auto& key : record_keys(keys))
    active.push_back({std::move(key)});
  return keyring(keys.curve(), std::move(active), keys.lease_secret(),
                 keys.purpose());
}

key_id worker_fingerprint(const keyring& keys) {
  return fingerprint(public_half(worker_half(keys)));
}

std::string seal_bundle(const keyring& keys, const random_id& folder,
                        std::string_view passphrase,
                        const random_source& random) {
  const auto half = worker_half(keys);
  if (half.keys().empty())
    refuse_bundle("the keyring has no active key to sign with");
  return seal_under_passphrase(bundle_to_json(half, folder), passphrase,
                               bundle_content_type, random, keyring_iterations);
}

opened_bundle open_bundle(std::string_view text, std::string_view passphrase) {
  const auto jwe = without_line_end(text);
  if (content_type_of(jwe) == keyring_content_type)
    refuse_bundle("it is a keyring, not a keyring bundle");
  const auto json = open_under_passphrase(jwe, passphrase, bundle_content_type);
  if (!json)
    throw wrong_passphrase("the passphrase does not open it");
  return bundle_from_json(*json);
}

} // namespace chancery::crypto
