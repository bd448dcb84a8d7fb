// SPDX-License-Identifier: Apache-2.0
#include "apps/api/api_records.hpp"
#include "apps/api/json_answer.hpp"
#include "apps/api/parameters.hpp"
#include "apps/api/problem.hpp"
#include "apps/api/verify_question.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
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

/// The digest that was signed: of the record's bytes, or the one that was sent.
std::string digest_in(const verify_question& asked, crypto::curve curve) {
  crypto::record_hasher hash(curve);
  if (asked.digest && asked.digest->size() != hash.size())
    throw problem("bad_parameter",
                  fmt::format("\"digest\" has not {} bytes", hash.size()));
  if (asked.digest)
    return *asked.digest;
  std::string made(hash.size(), '\0');
  hash(crypto::bytes_of(*asked.record),
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
    const auto asked = read_verify_question(request.http.body);
    const auto [keys, key] = wanted(asked.key);
    const auto curve = key->key.curve();
    const auto digest = digest_in(asked, curve);
    const auto raw = raw_signature(asked.signature, curve);
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
