// SPDX-License-Identifier: Apache-2.0
#include "apps/api/api_records.hpp"
#include "apps/api/json_answer.hpp"
#include "apps/api/parameters.hpp"
#include "apps/api/problem.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/jose/strict_json.hpp"
#include "crypto/keyring/keyring_json.hpp"
#include "crypto/keys/pem.hpp"
#include "crypto/keys/signature.hpp"
#include "crypto/providers/provider.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

constexpr std::uint64_t verify_body_max = std::uint64_t{24} << 20;

[[noreturn]] void wrong_member(const std::string& sentence) {
  throw problem("bad_parameter", sentence);
}

/// A member that is text; nothing when it is not there.
std::optional<std::string> text_member(const nlohmann::json& object,
                                       const char* name) {
  const auto found = object.find(name);
  if (found == object.end())
    return std::nullopt;
  if (!found->is_string())
    wrong_member(fmt::format("the member \"{}\" is not a string", name));
  return found->get<std::string>();
}

std::optional<std::string> octets_of_member(const nlohmann::json& object,
                                            const char* name) {
  const auto text = text_member(object, name);
  if (!text)
    return std::nullopt;
  auto octets = crypto::base64url_decode(*text);
  if (!octets)
    wrong_member(fmt::format("the member \"{}\" is not base64url", name));
  return octets;
}

void check_members(const nlohmann::json& object,
                   std::initializer_list<std::string_view> known) {
  if (!object.is_object())
    wrong_member("the body is not a JSON object");
  for (const auto& [name, value] : object.items())
    if (std::find(known.begin(), known.end(), name) == known.end())
      wrong_member("the body has a member that is not known here");
}

/// The digest that was signed: of the bytes in `data` or `text`, or `digest`.
std::string digest_in(const nlohmann::json& object, crypto::curve curve) {
  crypto::record_hasher hash(curve);
  const auto data = octets_of_member(object, "data");
  const auto text = text_member(object, "text");
  auto digest = octets_of_member(object, "digest");
  if ((data ? 1 : 0) + (text ? 1 : 0) + (digest ? 1 : 0) != 1)
    wrong_member("give one of \"data\", \"text\" and \"digest\"");
  if (digest && digest->size() != hash.size())
    wrong_member(fmt::format("\"digest\" has not {} bytes", hash.size()));
  if (digest)
    return *std::move(digest);
  std::string made(hash.size(), '\0');
  hash(crypto::bytes_of(data ? *data : *text),
       std::as_writable_bytes(std::span(made)));
  return made;
}

/// Raw r||s; a DER signature is converted. Nothing when it is neither.
std::optional<std::vector<std::byte>> raw_signature(const std::string& sent,
                                                    crypto::curve curve) {
  const auto bytes = crypto::bytes_of(sent);
  std::vector<std::byte> raw(2 * crypto::field_size(curve));
  if (bytes.size() == raw.size()) {
    std::ranges::copy(bytes, raw.begin());
    return raw;
  }
  if (!crypto::der_to_raw(curve, bytes, raw))
    return std::nullopt;
  return raw;
}

std::string_view state_of(const crypto::public_keyring_key& key) {
  return key.state == crypto::key_state::active ? "active" : "retired";
}

class key_routes {
 public:
  explicit key_routes(std::shared_ptr<const signed_folder> folder)
      : folder_(std::move(folder)) {}

  http_response list(const api_request&) const {
    const auto keys = folder_->keys();
    return text_response(keys ? crypto::public_keyring_to_json(*keys)
                              : R"({"keys":[]})",
                         "application/jwk-set+json");
  }

  http_response pem(const api_request& request) const {
    const auto [keys, key] = wanted(request.values.at(0));
    return text_response(crypto::to_pem(key->key), "application/x-pem-file");
  }

  http_response verify(const api_request& request) const {
    nlohmann::json object;
    try {
      object = crypto::parse_strict_json(request.http.body);
    } catch (const std::exception&) {
      wrong_member("the body is not JSON in UTF-8 with each member once");
    }
    check_members(object, {"data", "text", "digest", "signature", "key"});
    const auto id = text_member(object, "key");
    const auto signature = octets_of_member(object, "signature");
    if (!id || !signature)
      wrong_member("the members \"key\" and \"signature\" are needed");
    const auto [keys, key] = wanted(*id);
    const auto curve = key->key.curve();
    const auto digest = digest_in(object, curve);
    const auto raw = raw_signature(*signature, curve);
    const auto verifier =
        crypto::make_verifier(crypto::single_signatures, curve);
    const bool valid =
        raw && verifier->verify(key->key, crypto::bytes_of(digest), *raw);
    return json_response({{"valid", valid},
                          {"key",
                           {{"kid", crypto::to_text(key->key.id())},
                            {"state", state_of(*key)},
                            {"known", true}}}});
  }

 private:
  using keyring_ptr = std::shared_ptr<const crypto::public_keyring>;

  std::pair<keyring_ptr, const crypto::public_keyring_key*>
  wanted(std::string_view text) const {
    const auto id = id_value("the key's id", text);
    auto keys = folder_->keys();
    const auto* key = keys ? keys->find(id) : nullptr;
    if (key == nullptr)
      throw problem("not_found", "the keyring has no key with this id");
    return {std::move(keys), key};
  }

  std::shared_ptr<const signed_folder> folder_;
};

} // namespace

void add_key_routes(route_table& table,
                    std::shared_ptr<const signed_folder> folder) {
  const auto routes = std::make_shared<const key_routes>(std::move(folder));
  table.add({"GET",
             "/v1/keys",
             "listKeys",
             std::nullopt,
             {},
             {},
             answered_now{[routes](const api_request& request) {
               return routes->list(request);
             }}});
  table.add({"GET",
             "/v1/keys/{kid}.pem",
             "getKeyPem",
             std::nullopt,
             {},
             {},
             answered_now{[routes](const api_request& request) {
               return routes->pem(request);
             }}});
  table.add({"POST",
             "/v1/verify",
             "verifySignature",
             scope::read,
             {},
             {{"application/json", verify_body_max}},
             answered_slowly{[routes](const api_request& request) {
               return routes->verify(request);
             }}});
}

} // namespace chancery::apps
