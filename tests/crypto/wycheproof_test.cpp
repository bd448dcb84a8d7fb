// SPDX-License-Identifier: Apache-2.0

// ECDSA verification against the vectors of C2SP's Wycheproof, which collect
// the mistakes that others made. They are not part of this project: the
// environment variable CHANCERY_VECTORS names the folder that holds
// wycheproof/, and without it the cases say that they were skipped.

#include "crypto/hash.hpp"
#include "crypto/provider.hpp"
#include "fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <iostream>

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

void check_vector(curve c, const public_key& key, const nlohmann::json& vector,
                  signature_verifier& verifier) {
  record_hasher hasher(c);
  std::vector<std::byte> digest(hasher.size());
  hasher(from_hex(vector.at("msg").get<std::string>()), digest);
  const bool verified = verifier.verify(
      key, digest, from_hex(vector.at("sig").get<std::string>()));
  const auto result = vector.at("result").get<std::string>();
  if (result != "acceptable")
    BOOST_TEST(verified == (result == "valid"),
               "vector " << vector.at("tcId") << ", "
                         << vector.at("comment").get<std::string>());
}

void check_file(curve c, const char* name) {
  const char* folder = std::getenv("CHANCERY_VECTORS");
  if (folder == nullptr) {
    std::cout << "skipped: " << name << ", as CHANCERY_VECTORS is not set\n";
    return;
  }
  const auto file = std::filesystem::path(folder) / "wycheproof" / name;
  const auto vectors = nlohmann::json::parse(read_text(file));
  std::size_t checked = 0;
  for (const auto p : {provider::openssl, provider::botan}) {
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
  BOOST_TEST(checked == 2 * vectors.at("numberOfTests").get<std::size_t>());
}

} // namespace

BOOST_AUTO_TEST_SUITE(wycheproof_test)

BOOST_AUTO_TEST_CASE(p256_verifies_what_wycheproof_says) {
  check_file(curve::p256, "ecdsa_secp256r1_sha256_p1363_test.json");
}

BOOST_AUTO_TEST_CASE(p384_verifies_what_wycheproof_says) {
  check_file(curve::p384, "ecdsa_secp384r1_sha384_p1363_test.json");
}

BOOST_AUTO_TEST_SUITE_END()
