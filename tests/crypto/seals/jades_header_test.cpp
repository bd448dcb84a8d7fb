// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/jades_header.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/hash.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(jades_header_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

const std::vector<std::string> ders{"leaf", "an issuer"};

jades_header header_of(curve c, std::size_t certificates,
                       std::string_view content_type = "") {
  std::vector<std::span<const std::byte>> chain;
  for (std::size_t i = 0; i < certificates; ++i)
    chain.push_back(bytes(ders[i]));
  return {c, content_type, chain};
}

} // namespace

BOOST_AUTO_TEST_CASE(the_header_is_byte_for_byte_as_drawn) {
  // Python: base64.urlsafe_b64encode(hashlib.sha256(b"leaf").digest())
  BOOST_TEST(header_of(curve::p256, 2, "json").json(1795824000) ==
             R"({"alg":"ES256","typ":"chancery-record+jws","cty":"json",)"
             R"("x5t#S256":"n5EWH0NDPkmm3m22gNefYBWfLkrJFyYhoShGQoFYRAs",)"
             R"("x5c":["bGVhZg==","YW4gaXNzdWVy"],"iat":1795824000})");
  BOOST_TEST(header_of(curve::p384, 1).json(0) ==
             R"({"alg":"ES384","typ":"chancery-record+jws",)"
             R"("x5t#S256":"n5EWH0NDPkmm3m22gNefYBWfLkrJFyYhoShGQoFYRAs",)"
             R"("x5c":["bGVhZg=="],"iat":0})");
}

BOOST_AUTO_TEST_CASE(what_is_hashed_is_header_dot_record) {
  const std::string record = "a record";
  for (const auto c : {curve::p256, curve::p384})
    for (const auto* type : {"", "j", "js", "json"}) // each rest modulo 3
      for (const std::int64_t iat : {0LL, 7LL, 1795824000LL, 99999999999LL}) {
        const auto header = header_of(c, 1, type);
        BOOST_TEST(header.encoded(iat) ==
                   base64url_encode(bytes(header.json(iat))));
        jws_hasher hasher(c);
        std::vector<std::byte> digest(hasher.size());
        const std::array<std::span<const std::byte>, 1> payload{bytes(record)};
        hasher(header.hashed(iat), payload, digest);
        record_hasher plain(c);
        std::vector<std::byte> expected(plain.size());
        plain(
            bytes(header.encoded(iat) + "." + base64url_encode(bytes(record))),
            expected);
        BOOST_TEST(to_hex(digest) == to_hex(expected));
      }
}

BOOST_AUTO_TEST_CASE(a_content_type_is_a_media_type) {
  BOOST_TEST(jades_content_type("application/json") == "json");
  BOOST_TEST(jades_content_type("json") == "json");
  BOOST_TEST(jades_content_type("text/xml") == "text/xml");
  BOOST_TEST(jades_content_type("application/fhir+json") == "fhir+json");
  for (const auto* wrong :
       {"", "/", "application/", "a/b/c", "text/\"", "text/a b", "/json",
        "text/html; charset=utf-8", "text/\xc3\xa9", "+json"})
    BOOST_CHECK_THROW(jades_content_type(wrong), std::invalid_argument);
  BOOST_CHECK_THROW(jades_content_type(std::string(128, 'a')),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_seal_needs_a_certificate) {
  BOOST_CHECK_THROW(header_of(curve::p256, 0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_time_is_whole_seconds) {
  BOOST_TEST(jades_time(1795824000'000) == 1795824000);
  BOOST_TEST(jades_time(1795824000'999) == 1795824000);
}

BOOST_AUTO_TEST_SUITE_END()
