// SPDX-License-Identifier: Apache-2.0

// Each header is on a JWE that is otherwise encrypted correctly, so that only
// the check of the header can refuse it.

#include "crypto/jose/jwe_parts.hpp"

#include "crypto/jose/jwe.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/message.hpp"
#include "tests/crypto/fixture.hpp"
#include "tests/crypto/jose_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

BOOST_AUTO_TEST_SUITE(jwe_parts_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

struct headers {
  private_key bob = rfc7518_bob();
  private_key alice = rfc7518_alice();
  jwe_opener opener{bob, single_signatures};
  std::string good =
      jwe_header_text(alice.public_half(), bob.public_half(), message_type);

  std::string changed(std::string_view from, const std::string& to) const {
    auto header = good;
    BOOST_REQUIRE(contains(header, from));
    return header.replace(header.find(from), from.size(), to);
  }

  std::string made(const std::string& header, const std::string& apu = {},
                   const std::string& apv = {}) const {
    return jwe_by_botan(
        {header, shared_secret(alice, bob.public_half()), apu, apv}, "text");
  }

  std::string_view code(const std::string& jwe) {
    return code_of([&] { (void)opener.open(jwe, message_type); });
  }

  /// Checks that the header is refused, with `word` in the error text.
  void refuses(const std::string& header, std::string_view word) {
    const auto jwe = made(header);
    BOOST_TEST(code(jwe) == "invalid_jwe", header);
    const auto said = complaint([&] { (void)opener.open(jwe, message_type); });
    BOOST_TEST(contains(said, word), header << " -> " << said);
  }
};

constexpr auto exactly = "exactly the members";

} // namespace

BOOST_FIXTURE_TEST_CASE(members_may_stand_in_any_order, headers) {
  BOOST_TEST(code(made(good)) == "accepted");
  BOOST_TEST(code(made(R"({ "cty" : "chancery-message+jws", "kid":")" +
                       to_text(bob.id()) + R"(","epk":)" +
                       jwk_text(alice.public_half()) +
                       R"(,"enc":"A256GCM", "alg":"ECDH-ES"})")) == "accepted");
}

BOOST_FIXTURE_TEST_CASE(the_parties_go_into_the_key, headers) {
  const auto with = [&](const std::string& members) {
    return changed(R"("cty")", members + R"("cty")");
  };
  const auto both = with(R"("apu":"QWxpY2U","apv":"Qm9i",)");
  BOOST_TEST(code(made(both, "Alice", "Bob")) == "accepted");
  BOOST_TEST(code(made(both, "Alice", "")) == "invalid_jwe");
  BOOST_TEST(code(made(both, "Bob", "Alice")) == "invalid_jwe");
  BOOST_TEST(code(made(both)) == "invalid_jwe");
  BOOST_TEST(code(made(good, "Alice", "Bob")) == "invalid_jwe");
  BOOST_TEST(code(made(with(R"("apu":"QWxpY2U",)"), "Alice")) == "accepted");
  BOOST_TEST(code(made(with(R"("apv":"Qm9i",)"), "", "Bob")) == "accepted");
  BOOST_TEST(code(made(with(R"("apu":"","apv":"",)"))) == "accepted");
  const std::string octets("\0\xff.", 3);
  BOOST_TEST(code(made(with(R"("apu":")" + encode(octets) + "\","), octets)) ==
             "accepted");
  for (const auto* apu :
       {"null", "1", "[]", R"("Qm9i=")", R"("Qm9")", R"("+")"})
    refuses(with(R"("apu":)" + std::string(apu) + ","), "apu");
}

BOOST_FIXTURE_TEST_CASE(another_algorithm_is_refused, headers) {
  for (const auto* alg :
       {"\"none\"", "\"dir\"", "\"ECDH-ES+A128KW\"", "\"ECDH-ES+A256KW\"",
        "\"RSA-OAEP\"", "\"RSA1_5\"", "\"A256KW\"", "\"PBES2-HS512+A256KW\"",
        "\"ecdh-es\"", "\"ECDH-ES \"", "\"\"", "null", "1", "[\"ECDH-ES\"]"})
    refuses(changed("\"ECDH-ES\"", alg), "algorithms are not");
  for (const auto* enc : {"\"A128GCM\"", "\"A192GCM\"", "\"A128CBC-HS256\"",
                          "\"A256CBC-HS512\"", "\"a256gcm\"", "\"\"", "null"})
    refuses(changed("\"A256GCM\"", enc), "algorithms are not");
}

BOOST_FIXTURE_TEST_CASE(other_members_are_refused, headers) {
  for (const auto* more :
       {R"("zip":"DEF")", R"("zip":"")", R"("crit":[])", R"("crit":["exp"])",
        R"("typ":"JWE")", R"("jwk":{})", R"("jku":"https://example.com")",
        R"("x5c":[])", R"("p2c":1000)", R"("iv":"AAAA")", R"("Alg":"ECDH-ES")",
        R"("":null)"})
    refuses(changed("{\"alg\"", std::string("{") + more + ",\"alg\""), exactly);
}

BOOST_FIXTURE_TEST_CASE(missing_and_double_members_are_refused, headers) {
  for (const std::string_view name : {"alg", "enc", "epk", "kid", "cty"})
    refuses(changed("\"" + std::string(name) + "\":",
                    "\"x-" + std::string(name) + "\":"),
            exactly);
  refuses(changed(R"("alg":"ECDH-ES")", R"("alg":"none","alg":"ECDH-ES")"),
          "twice");
  refuses(changed(R"("kty":"EC")", R"("kty":"EC","kty":"EC")"), "twice");
  for (const auto* header : {"{}", "[]", "null", "1", R"("ECDH-ES")"})
    refuses(header, exactly);
  for (const auto* header : {"", "{", "\xef\xbb\xbf{}", "\xff"})
    refuses(header, "not valid JSON");
  refuses(good + std::string(1, '\0') + "{}", "zero byte");
}

BOOST_FIXTURE_TEST_CASE(another_recipient_or_content_is_refused, headers) {
  const auto kid = "\"" + to_text(bob.id()) + "\"";
  for (const auto& other :
       {"\"" + to_text(alice.id()) + "\"", std::string("\"\""),
        std::string("null"), std::string("1"), "[" + kid + "]",
        "\"" + to_text(bob.id()) + "=\""})
    refuses(changed(kid, other), "another key");
  for (const auto* cty :
       {"\"chancery-receipt+jws\"", "\"JWT\"", "\"\"", "null", "1",
        "\"application/chancery-message+jws\"", "\"Chancery-message+jws\""})
    refuses(changed("\"chancery-message+jws\"", cty), "content type");
}

BOOST_FIXTURE_TEST_CASE(other_members_of_an_ephemeral_key_are_ignored,
                        headers) {
  const auto with = [&](const std::string& members) {
    return changed(R"("epk":{)", R"("epk":{)" + members + ",");
  };
  // RFC 7517 section 4; the first is how WebCrypto exports it.
  for (const auto* members :
       {R"("ext":true,"key_ops":[])", R"("key_ops":["deriveBits"],"ext":false)",
        R"("kid":"k","alg":"ECDH-ES","use":"enc")", R"("D":1,"":{"d":1})"})
    BOOST_TEST(code(made(with(members))) == "accepted", members);
  for (const auto* members :
       {R"("use":"sig")", R"("use":7)", R"("key_ops":["verify"])",
        R"("key_ops":["deriveKey","deriveKey"])", R"("key_ops":"deriveKey")"})
    refuses(with(members), "may not be used");
}

BOOST_FIXTURE_TEST_CASE(an_ephemeral_key_is_a_public_p256_key, headers) {
  const auto jwk = jwk_text(alice.public_half());
  const auto more = [&](const std::string& member) {
    return changed(jwk, jwk.substr(0, jwk.size() - 1) + "," + member + "}");
  };
  refuses(more(R"("d":"0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo")"),
          "private key");
  refuses(more(R"("d":null)"), "private key");
  constexpr auto not_a_key = "not a public key on P-256";
  for (const auto* epk : {"null", "{}", "[]", "\"\"", "1"})
    refuses(changed(jwk, epk), not_a_key);
  refuses(changed("\"EC\"", "\"OKP\""), not_a_key);
  refuses(changed("\"EC\"", "null"), not_a_key);
  refuses(changed("\"P-256\"", "\"P-384\""), not_a_key);
  refuses(changed("\"P-256\"", "\"p-256\""), not_a_key);
  refuses(changed("\"P-256\"", "256"), not_a_key);
  const std::string x = "\"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0\"";
  for (const auto* other :
       {"null", "1", "\"\"", "\"AA\"",
        "\"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0=\"",
        "\"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV1\"",  // stray bits
        "\"AIDsBgCCwXbu0-d2pKxZjMhnLBd5-XTuzJsDQRylhUld\"", // 33 bytes
        "\"jQYAgsF27tPndqSsWYzIZywXefl07sybA0EcpblJXQ\"",   // 31 bytes
        "\"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV+\""})
    refuses(changed(x, other), not_a_key);
}

BOOST_FIXTURE_TEST_CASE(a_header_has_at_most_1024_bytes, headers) {
  const auto padded = [&](std::size_t size) {
    return good + std::string(size - good.size(), ' ');
  };
  BOOST_TEST(code(made(padded(1024))) == "accepted");
  refuses(padded(1025), "longer than 1024");
}

BOOST_FIXTURE_TEST_CASE(other_shapes_are_refused, headers) {
  const auto jwe = made(good);
  const auto header = jwe.substr(0, jwe.find('.'));
  const auto behind = jwe.substr(header.size() + 2); // iv.ciphertext.tag
  const auto dot = behind.find('.');
  const auto iv = behind.substr(0, dot);
  const auto rest = behind.substr(dot + 1);
  BOOST_TEST(code(header + ".." + iv + "." + rest) == "accepted");
  for (const auto& text :
       {std::string(), std::string("...."), header, jwe + ".", "." + jwe,
        header + "." + behind, header + "..." + behind, " " + jwe, jwe + "\n",
        jwe + "=", jwe + std::string(1, '\0'), header + "=.." + behind,
        header + ".." + iv + "=." + rest,
        header + "." + encode("a key") + "." + behind, header + ". ." + behind,
        header + "..." + rest, // no iv
        header + ".." + encode("eleven byte") + "." + rest,
        header + ".." + encode("thirteen byte") + "." + rest,
        // AES-GCM with a 12-byte iv would use the first 12 bytes.
        header + ".." + encode(decode(iv) + "more") + "." + rest,
        R"({"protected":")" + header + R"(","iv":")" + iv + R"("})"})
    BOOST_TEST(code(text) == "invalid_jwe", text);
}

BOOST_FIXTURE_TEST_CASE(the_examples_of_rfc_7516_and_7520_are_refused,
                        headers) {
  // RFC 7516 appendix A.3, A128KW, and RFC 7520 section 5.5, ECDH-ES with
  // A128CBC-HS256 (cut off after its iv).
  BOOST_TEST(code("eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0."
                  "6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ."
                  "AxY8DCtDaGlsbGljb3RoZQ."
                  "KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY."
                  "U0m_YmjN04DJvceFICbCVQ") == "invalid_jwe");
  BOOST_TEST(
      code("eyJhbGciOiJFQ0RILUVTIiwia2lkIjoibWVyaWFkb2MuYnJhbmR5YnVja0BidWNr"
           "bGFuZC5leGFtcGxlIiwiZXBrIjp7Imt0eSI6IkVDIiwiY3J2IjoiUC0yNTYiLCJ4"
           "IjoibVBVS1RfYkFXR0hJaGcwVHBqanFWc1AxclhXUXVfdndWT0hIdE5rZFlvQSIs"
           "InkiOiI4QlFBc0ltR2VBUzQ2ZnlXdzVNaFlmR1RUMElqQnBGdzJTUzM0RHY0SXJz"
           "In0sImVuYyI6IkExMjhDQkMtSFMyNTYifQ..yc9N8v5sYyv3iGQT926IUg."
           "BoDlwPnTypYq.WCCkNa-x4BeB9hIDIfFuhg") == "invalid_jwe");
}

BOOST_FIXTURE_TEST_CASE(no_refusal_quotes_what_was_sent, headers) {
  for (const auto& header :
       {changed("ECDH-ES", "topsecret"), changed("A256GCM", "topsecret"),
        changed("chancery-message+jws", "topsecret"),
        changed(to_text(bob.id()), "topsecret"), changed("EC\"", "topsecret\""),
        changed("P-256", "topsecret"), changed("\"alg\"", "\"topsecret\""),
        changed("\"kty\"", "\"topsecret\""), std::string("{topsecret")}) {
    const auto said =
        complaint([&] { (void)opener.open(made(header), message_type); });
    BOOST_TEST(!said.empty());
    BOOST_TEST(!contains(said, "topsecret"), said);
  }
}

BOOST_AUTO_TEST_SUITE_END()
