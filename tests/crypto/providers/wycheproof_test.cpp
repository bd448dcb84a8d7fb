// SPDX-License-Identifier: Apache-2.0

// Checks ECDSA verification, JWS and JWK with the vectors of C2SP's Wycheproof,
// which collect known mistakes of implementations. The vectors are not part of
// this project: the environment variable CHANCERY_VECTORS names the folder that
// holds wycheproof/, and without it the cases report that they were skipped.

#include "crypto/base/base64url.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/jose/jose_parts.hpp"
#include "crypto/jose/jwk.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/message.hpp"
#include "crypto/ledger/refusal.hpp"
#include "crypto/providers/provider.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(wycheproof_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

void check_vector(curve c, const public_key& key, const nlohmann::json& vector,
                  signature_verifier& verifier) {
  record_hasher hasher(c);
  std::vector<std::byte> digest(hasher.size());
  hasher(from_hex(vector.at("msg").get<std::string>()), digest);
  const auto signature = from_hex(vector.at("sig").get<std::string>());
  const bool verified = verifier.verify(key, digest, signature);
  // Enough claims for the key to get a table.
  const std::vector<signature_claim> claims(10, {&key, digest, signature});
  std::array<bool, 10> verdicts{};
  verifier.verify_batch(claims, verdicts);
  for (const bool verdict : verdicts)
    BOOST_TEST(verdict == verified, "vector " << vector.at("tcId"));
  const auto result = vector.at("result").get<std::string>();
  if (result != "acceptable")
    BOOST_TEST(verified == (result == "valid"),
               "vector " << vector.at("tcId") << ", "
                         << vector.at("comment").get<std::string>());
}

/// Null, with a message on stdout, if CHANCERY_VECTORS is not set.
nlohmann::json read_vectors(const char* name) {
  const char* folder = std::getenv("CHANCERY_VECTORS");
  if (folder == nullptr) {
    std::cout << "skipped: " << name << ", as CHANCERY_VECTORS is not set\n";
    return nullptr;
  }
  const auto file = std::filesystem::path(folder) / "wycheproof" / name;
  return nlohmann::json::parse(read_text(file));
}

void check_file(curve c, const char* name) {
  const auto vectors = read_vectors(name);
  if (vectors.is_null())
    return;
  std::size_t checked = 0;
  std::vector providers{provider::openssl, provider::botan};
  if (c == curve::p256)
    providers.push_back(provider::batch);
  for (const auto p : providers) {
    const auto verifier = make_verifier(p, c);
    for (const auto& group : vectors.at("testGroups")) {
      const auto point =
          from_hex(group.at("publicKey").at("uncompressed").get<std::string>());
      const public_key key(c, std::span(point).subspan(1));
      for (const auto& vector : group.at("tests")) {
        check_vector(c, key, vector, *verifier);
        ++checked;
      }
    }
  }
  BOOST_TEST(checked ==
             providers.size() * vectors.at("numberOfTests").get<std::size_t>());
}

/// Verifies a JWS without checking its header, as the vectors have no `typ`:
/// three parts, strict base64url, 64 bytes.
bool verifies(const std::string& compact, const public_key& key,
              signature_verifier& verifier) {
  const auto split = split_compact<3>(compact);
  const auto signature = split ? base64url_decode((*split)[2]) : std::nullopt;
  if (!signature || signature->size() != 64)
    return false;
  jws parts;
  parts.signing_input = compact.substr(0, compact.rfind('.'));
  std::copy_n(bytes(*signature).begin(), 64, parts.signature.begin());
  return verify_jws(verifier, parts, key);
}

} // namespace

BOOST_AUTO_TEST_CASE(es256_verifies_what_wycheproof_says) {
  const auto vectors = read_vectors("json_web_signature_test.json");
  if (vectors.is_null())
    return;
  const auto verifier = make_verifier(provider::openssl, curve::p256);
  std::size_t valid = 0;
  std::size_t invalid = 0;
  for (const auto& group : vectors.at("testGroups")) {
    const auto jwk = group.value("public", nlohmann::json::object());
    if (jwk.value("alg", "") != "ES256")
      continue;
    const auto key = public_key_from_jwk(jwk, jwk_purpose::verify);
    for (const auto& vector : group.at("tests")) {
      const auto compact = vector.at("jws").get<std::string>();
      const bool good = vector.at("result") == "valid";
      BOOST_TEST(verifies(compact, key, *verifier) == good,
                 "vector " << vector.at("tcId"));
      BOOST_CHECK_THROW((void)parse_jws(compact, message_type, jws_key::named),
                        invalid_jws);
      ++(good ? valid : invalid);
    }
  }
  BOOST_TEST(valid == 2U);
  BOOST_TEST(invalid == 37U);
}

BOOST_AUTO_TEST_CASE(keys_that_wycheproof_calls_invalid_are_refused) {
  const auto vectors = read_vectors("json_web_key_test.json");
  if (vectors.is_null())
    return;
  std::size_t checked = 0;
  for (const auto& group : vectors.at("testGroups")) {
    const auto what = group.at("comment").get<std::string>();
    if (what != "invalid_point" && what != "wrong_kty")
      continue;
    for (const auto& jwk : group.at("public").at("keys")) {
      BOOST_CHECK_THROW(public_key_from_jwk(jwk, jwk_purpose::verify),
                        std::invalid_argument);
      ++checked;
    }
  }
  BOOST_TEST(checked == 2U);
}

BOOST_AUTO_TEST_CASE(p256_verifies_what_wycheproof_says) {
  check_file(curve::p256, "ecdsa_secp256r1_sha256_p1363_test.json");
}

BOOST_AUTO_TEST_CASE(p384_verifies_what_wycheproof_says) {
  check_file(curve::p384, "ecdsa_secp384r1_sha384_p1363_test.json");
}

BOOST_AUTO_TEST_SUITE_END()
