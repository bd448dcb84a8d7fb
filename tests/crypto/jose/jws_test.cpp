// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/message.hpp"

#include "crypto/base/hash.hpp"
#include "tests/crypto/fixture.hpp"
#include "tests/crypto/jose_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(jws_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

// RFC 7515 appendix A.3.
constexpr std::string_view rfc_input =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
constexpr std::string_view rfc_signature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
    "pmWQxfKTUJqPP3-Kg6NU1Q";

// Written by the npm package jose 5.10.0 under the key of RFC 7515 A.3.
constexpr auto by_jose =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6Im9LSXl3dkdVcFRWVHl4TVEzYndJSWVRVXVkZnJfQ2tMT"
    "WpDRTE5RUNELVUiLCJ0eXAiOiJjaGFuY2VyeS1tZXNzYWdlK2p3cyJ9.eyJ2IjoxLCJjbGllb"
    "nQiOiJvS0l5d3ZHVXBUVlR5eE1RM2J3SUllUVV1ZGZyX0NrTE1qQ0UxOUVDRC1VIiwic2VxIj"
    "o3LCJ0aW1lIjoiMjAyNi0wMS0wMVQwMDowMDowMFoiLCJub2RlIjoiVnk1N1hyQXJVclcwTmJ"
    "wSTEydEV6REhBQnhNd3JUaDZISFhSZW5TcG5DbyIsImJvZHkiOnsiaGVsbG8iOiJsZWRnZXIi"
    "fX0.I3FHAa7p0cSHrOpkaHY3kpPnEMcYbbz2Ryz_1wX2TB71PKQAepzTOZWNJXTdjRlaHhSp-"
    "M7eklL0qILugOMMRw";

struct signing {
  private_key key = rfc7515_key();
  std::unique_ptr<batch_signer> signer =
      make_batch_signer(provider::openssl, curve::p256, system_random());
  std::unique_ptr<signature_verifier> verifier =
      make_verifier(provider::openssl, curve::p256);

  std::string sign(std::string_view typ, bool with_jwk = false) {
    return sign_jws(*signer, key, typ, "payload", with_jwk);
  }
};

/// A JWS with this header, some payload and 64 bytes as its signature, as
/// parsing does not verify.
std::string with_header(const std::string& header) {
  return encode(header) + ".cGF5bG9hZA." + std::string(86, 'A');
}

jws_key key_of(std::string_view typ) {
  return typ == registration_type ? jws_key::included : jws_key::named;
}

std::string_view code(std::string_view compact,
                      std::string_view typ = message_type) {
  return code_of([&] { (void)parse_jws(compact, typ, key_of(typ)); });
}

std::string said(const std::string& compact,
                 std::string_view typ = message_type) {
  return complaint([&] { (void)parse_jws(compact, typ, key_of(typ)); });
}

} // namespace

BOOST_FIXTURE_TEST_CASE(the_example_of_rfc_7515_verifies, signing) {
  jws parts;
  parts.signing_input = rfc_input;
  const auto signature = decode(rfc_signature);
  std::copy_n(bytes(signature).begin(), 64, parts.signature.begin());
  for (const auto p : {provider::openssl, provider::botan}) {
    const auto v = make_verifier(p, curve::p256);
    BOOST_TEST(verify_jws(*v, parts, key.public_half()));
    auto changed = parts;
    changed.signing_input[30] ^= 1;
    BOOST_TEST(!verify_jws(*v, changed, key.public_half()));
  }
}

BOOST_AUTO_TEST_CASE(the_header_of_the_rfcs_example_says_too_little) {
  BOOST_TEST(code(std::string(rfc_input) + "." + std::string(rfc_signature)) ==
             "invalid_jws");
}

BOOST_FIXTURE_TEST_CASE(what_another_implementation_signed_verifies, signing) {
  const auto parts = parse_jws(by_jose, message_type, jws_key::named);
  BOOST_TEST(parts.kid == to_text(key.id()));
  BOOST_TEST(!parts.jwk.has_value());
  BOOST_TEST(contains(parts.payload, R"("body":{"hello":"ledger"}})"));
  BOOST_TEST(verify_jws(*verifier, parts, key.public_half()));
  BOOST_TEST(!verify_jws(*verifier, parts, rfc7518_bob().public_half()));
}

BOOST_FIXTURE_TEST_CASE(what_is_signed_is_read_again, signing) {
  for (const auto p : {provider::openssl, provider::botan}) {
    signer = make_batch_signer(p, curve::p256, system_random());
    const auto compact = sign(receipt_type);
    const auto parts = parse_jws(compact, receipt_type, jws_key::named);
    BOOST_TEST(parts.payload == "payload");
    BOOST_TEST(parts.kid == to_text(key.id()));
    BOOST_TEST(parts.signing_input == compact.substr(0, compact.rfind('.')));
    for (const auto q : {provider::openssl, provider::botan})
      BOOST_TEST(
          verify_jws(*make_verifier(q, curve::p256), parts, key.public_half()));
  }
}

BOOST_FIXTURE_TEST_CASE(headers_are_written_as_the_readme_shows, signing) {
  const auto header = [](const std::string& compact) {
    return decode(compact.substr(0, compact.find('.')));
  };
  const auto kid = R"("kid":"oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U")";
  BOOST_TEST(header(sign(message_type)) ==
             std::string(R"({"alg":"ES256",)") + kid +
                 R"(,"typ":"chancery-message+jws"})");
  BOOST_TEST(header(sign(registration_type, true)) ==
             std::string(R"({"alg":"ES256",)") + kid +
                 R"(,"typ":"chancery-registration+jws","jwk":)" +
                 jwk_text(key.public_half()) + "}");
}

BOOST_FIXTURE_TEST_CASE(a_registration_brings_its_key, signing) {
  const auto parts = parse_jws(sign(registration_type, true), registration_type,
                               jws_key::included);
  BOOST_TEST((parts.jwk == key.public_half()));
  BOOST_TEST(verify_jws(*verifier, parts, *parts.jwk));
}

BOOST_FIXTURE_TEST_CASE(one_kind_does_not_pose_as_another, signing) {
  for (const auto as : {message_type, registration_type, receipt_type,
                        keys_type, std::string_view("JWT")})
    for (const auto typ :
         {message_type, registration_type, receipt_type, keys_type})
      for (const bool with_jwk : {false, true}) {
        const bool right = as == typ && with_jwk == (typ == registration_type);
        BOOST_TEST(code(sign(as, with_jwk), typ) ==
                   (right ? "accepted" : "invalid_jws"));
      }
}

BOOST_AUTO_TEST_CASE(only_the_one_header_is_read) {
  const std::string typ = R"("typ":"chancery-message+jws")";
  BOOST_TEST(code(with_header(R"({"alg":"ES256","kid":"k",)" + typ + "}")) ==
             "accepted");
  BOOST_TEST(code(with_header("{" + typ + R"(, "kid":"k", "alg":"ES256"})")) ==
             "accepted");
  for (const auto* alg :
       {"\"none\"", "\"None\"", "\"\"", "\"HS256\"", "\"RS256\"", "\"PS256\"",
        "\"ES384\"", "\"ES512\"", "\"ES256K\"", "\"EdDSA\"", "\"es256\"",
        "\"ES256 \"", "\"ES256\\u0000\"", "null", "1", "[\"ES256\"]",
        "{\"ES256\":1}"})
    BOOST_TEST(contains(said(with_header(std::string("{\"alg\":") + alg +
                                         R"(,"kid":"k",)" + typ + "}")),
                        "not ES256"),
               alg);
  for (const auto* more :
       {R"("crit":[])", R"("crit":["b64"],"b64":false)", R"("b64":true)",
        R"("jku":"https://example.com")", R"("x5u":"https://example.com")",
        R"("x5c":[])", R"("cty":"JWT")", R"("zip":"DEF")", R"("":1)",
        R"("Alg":"ES256")", R"("jwk":{})"})
    BOOST_TEST(contains(said(with_header(R"({"alg":"ES256","kid":"k",)" + typ +
                                         "," + more + "}")),
                        "exactly"),
               more);
  for (const auto* header :
       {R"({"alg":"ES256","kid":"k"})", R"({"alg":"ES256"})", "{}", "[]",
        "null", R"("ES256")", "", "{"})
    BOOST_TEST(code(with_header(header)) == "invalid_jws", header);
  for (const auto* kid : {"null", "1", "[]", "{}", "true"})
    BOOST_TEST(contains(said(with_header(R"({"alg":"ES256","kid":)" +
                                         std::string(kid) + "," + typ + "}")),
                        "kid is not a string"),
               kid);
  BOOST_TEST(contains(said(with_header(R"({"alg":"none","alg":"ES256",)"
                                       R"("kid":"k",)" +
                                       typ + "}")),
                      "twice"));
}

BOOST_AUTO_TEST_CASE(a_type_is_compared_to_the_letter) {
  for (const auto* typ :
       {"\"chancery-receipt+jws\"", "\"Chancery-Message+jws\"",
        "\"application/chancery-message+jws\"", "\"chancery-message+jws \"",
        "\"chancery-message+jw\"", "\"\"", "null", "1"})
    BOOST_TEST(contains(said(with_header(R"({"alg":"ES256","kid":"k","typ":)" +
                                         std::string(typ) + "}")),
                        "its type is not chancery-message+jws"),
               typ);
}

BOOST_AUTO_TEST_CASE(a_registrations_key_is_public_and_on_p_256) {
  const auto header = [](const std::string& jwk) {
    return with_header(R"({"alg":"ES256","kid":"k",)"
                       R"("typ":"chancery-registration+jws","jwk":)" +
                       jwk + "}");
  };
  const auto good = jwk_text(rfc7515_key().public_half());
  const auto changed = [&](std::string_view from, std::string_view to) {
    auto jwk = good;
    return jwk.replace(jwk.find(from), from.size(), to);
  };
  BOOST_TEST(code(header(good), registration_type) == "accepted");
  // RFC 7517 section 4; the first is how WebCrypto exports it.
  for (const auto* more :
       {R"(,"ext":true,"key_ops":["verify"]})", R"(,"kid":"k","use":"sig"})"})
    BOOST_TEST(code(header(changed("}", more)), registration_type) ==
               "accepted");
  const auto p384 = private_key::generate(curve::p384, system_random());
  for (const auto& jwk :
       {std::string("null"), std::string("{}"), std::string("[]"),
        "\"" + encode(good) + "\"", jwk_text(p384.public_half()),
        changed("\"EC\"", "\"RSA\""), changed("\"EC\"", "null"),
        changed("P-256", "P-384"), changed("P-256", "secp256k1"),
        changed("f83O", "f83P"), // off the curve
        changed("f83OJ3D2", "f83O"), changed("\"f83OJ3D2", "\"AAAAf83OJ3D2"),
        changed("f83O", "f83="),
        changed("}", R"(,"d":")" + std::string(43, 'A') + "\"}"),
        changed("}", R"(,"d":null})"), changed("}", R"(,"use":"enc"})"),
        changed("}", R"(,"key_ops":[]})"),
        changed("}", R"(,"key_ops":["sign"]})"),
        changed("}", R"(,"kty":"EC"})")})
    BOOST_TEST(code(header(jwk), registration_type) == "invalid_jws", jwk);
}

BOOST_FIXTURE_TEST_CASE(other_serializations_and_shapes_are_refused, signing) {
  const auto good = sign(message_type);
  const auto first = good.find('.');
  const auto last = good.rfind('.');
  const auto header = good.substr(0, first);
  const auto payload = good.substr(first + 1, last - first - 1);
  const auto signature = good.substr(last + 1);
  BOOST_TEST(code(good) == "accepted");
  for (const auto& text :
       {std::string(),
        std::string("."),
        std::string(".."),
        std::string("..."),
        header,
        header + "." + payload,
        good + ".",
        "." + good,
        good + "." + signature,
        header + "." + payload + ".",
        header + ".." + signature,
        "." + payload + "." + signature,
        header + "=." + payload + "." + signature,
        header + "." + payload + "=." + signature,
        header + "." + payload + "." + signature + "==",
        " " + good,
        good + " ",
        good + "\n",
        good + std::string(1, '\0'),
        header + ". " + payload + "." + signature,
        header + "." + payload + "." + signature.substr(0, 85),
        header + "." + payload + "." + signature.substr(0, 84),
        header + "." + payload + "." + signature + "AA",
        header + "." + payload + "." + encode(std::string(65, 'x')),
        header + "." + payload + "." + encode(std::string(63, 'x')),
        header + "." + payload + "." + encode(std::string(96, 'x')),
        header + "." + payload + ".+" + signature.substr(1),
        R"({"payload":")" + payload + R"(","protected":")" + header +
            R"(","signature":")" + signature + "\"}",
        R"({"payload":")" + payload + R"(","signatures":[{"protected":")" +
            header + R"(","signature":")" + signature + "\"}]}"})
    BOOST_TEST(code(text) == "invalid_jws", text);
}

BOOST_AUTO_TEST_CASE(a_header_has_at_most_1024_bytes) {
  const std::string header =
      R"({"alg":"ES256","kid":"k","typ":"chancery-message+jws"})";
  const auto padded = [&](std::size_t size) {
    return with_header(header + std::string(size - header.size(), ' '));
  };
  BOOST_TEST(code(padded(1024)) == "accepted");
  BOOST_TEST(contains(said(padded(1025)), "longer than 1024"));
}

BOOST_FIXTURE_TEST_CASE(every_changed_character_is_noticed, signing) {
  const auto good = sign(message_type);
  for (std::size_t i = 0; i < good.size(); ++i)
    for (const char c : {'A', 'Q', '_', '.', '='}) {
      auto changed = good;
      if (changed[i] == c)
        continue;
      changed[i] = c;
      bool verified = false;
      const auto verdict = code_of([&] {
        verified = verify_jws(*verifier,
                              parse_jws(changed, message_type, jws_key::named),
                              key.public_half());
      });
      BOOST_REQUIRE((verdict == "invalid_jws" || !verified));
    }
}

BOOST_FIXTURE_TEST_CASE(no_refusal_quotes_what_was_sent, signing) {
  for (const auto& text :
       {with_header(R"({"alg":"topsecret","kid":"k","typ":"topsecret"})"),
        with_header(R"({"alg":"ES256","kid":"k","typ":"topsecret"})"),
        with_header(R"({"alg":"ES256","topsecret":1})"),
        with_header(R"({"topsecret":topsecret})"),
        with_header(R"({"topsecret":1,"topsecret":1})"),
        std::string("topsecret.topsecret.topsecret")}) {
    BOOST_TEST(!said(text).empty());
    BOOST_TEST(!contains(said(text), "topsecret"), said(text));
  }
}

BOOST_FIXTURE_TEST_CASE(both_halves_of_signing_make_the_whole, signing) {
  const auto input = jws_signing_input(keys_type, key.id(), "payload");
  const auto digest = sha256(bytes(input));
  const key_run run{&key, 1};
  std::array<std::byte, 64> signature;
  signer->sign_batch({&run, 1}, std::as_bytes(std::span(digest)), signature);
  const auto parts =
      parse_jws(compact_jws(input, signature), keys_type, jws_key::named);
  BOOST_TEST(verify_jws(*verifier, parts, key.public_half()));
  for (const std::size_t size : {0U, 63U, 65U, 96U})
    BOOST_CHECK_THROW((void)compact_jws(input, std::vector<std::byte>(size)),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_key_on_p_384_signs_nothing) {
  const auto p384 = private_key::generate(curve::p384, system_random());
  for (const auto c : {curve::p256, curve::p384}) {
    const auto signer = make_batch_signer(provider::openssl, c, {});
    BOOST_CHECK_THROW((void)sign_jws(*signer, p384, message_type, "payload"),
                      std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(the_payload_part_stands_between_the_two_dots) {
  BOOST_TEST(payload_part("aa.bb.cc") == "bb");
  for (const auto* text : {"", "aa", "aa.bb", "aa..cc", "a.b.c.d"})
    BOOST_TEST(payload_part(text) == "", text);
}

BOOST_AUTO_TEST_SUITE_END()
