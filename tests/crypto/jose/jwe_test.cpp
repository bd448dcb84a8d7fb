// SPDX-License-Identifier: Apache-2.0

// The cryptography of jwe.cpp. The rules for headers are in jwe_parts_test.cpp.

#include "crypto/jose/jwe.hpp"
#include "crypto/ledger/message.hpp"

#include "crypto/jose/jwe_cipher.hpp"
#include "crypto/jose/jws.hpp"
#include "tests/crypto/fixture.hpp"
#include "tests/crypto/jose_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/err.h>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(jwe_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

// Both written by the npm package jose 5.10.0 to Bob's key of RFC 7518; the
// second one with apu "Alice" and apv "Bob".
constexpr auto by_jose =
    "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImtpZCI6IlZ5NTdYckFyVXJXME5ic"
    "EkxMnRFekRIQUJ4TXdyVGg2SEhYUmVuU3BuQ28iLCJjdHkiOiJjaGFuY2VyeS1tZXNzYWdlK2"
    "p3cyIsImVwayI6eyJ4IjoiOUQxdHBfZ2YwS01zWkZPRnhJOXZNSi1qSWdHMmtrc0NzeUV3T2p"
    "1allkVSIsImNydiI6IlAtMjU2Iiwia3R5IjoiRUMiLCJ5IjoicDRqLTRuNGlFbno1VXJoVDA4"
    "MnJVQjZDN3RjcURFR3hpLTJ0aGNQSnhLOCJ9fQ..cj83y-E5MVlg_o-7.0Wc1rg.i_2UuOv7k"
    "UJ-Eok5Zm68sQ";
constexpr auto by_jose_with_parties =
    "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImtpZCI6IlZ5NTdYckFyVXJXME5ic"
    "EkxMnRFekRIQUJ4TXdyVGg2SEhYUmVuU3BuQ28iLCJjdHkiOiJjaGFuY2VyeS1tZXNzYWdlK2"
    "p3cyIsImVwayI6eyJ4IjoiM2hZdUh4TlF2ejMwdFZ5UmNueHhLNnNHajlZTnVIN0tNRlNNWHF"
    "IZ2RhOCIsImNydiI6IlAtMjU2Iiwia3R5IjoiRUMiLCJ5IjoicU55NTljX3paR0JseERGY3Vo"
    "b0kzQ0ZybnkwMFdma1dJZzN1bnRpTnFuWSJ9LCJhcHUiOiJRV3hwWTJVIiwiYXB2IjoiUW05a"
    "SJ9..enWPo3OV58dbGpqX.mwtOew.for1XlEciWEHqRPOTZ138w";

constexpr auto p = "ffffffff00000001000000000000000000000000ffffffff"
                   "ffffffffffffffff";
constexpr auto zero = "0000000000000000000000000000000000000000000000"
                      "000000000000000000";
// The point with x = 0: y is a square root of the curve's b.
constexpr auto y_of_zero = "66485c780e2f83d72433bd5d84a06bb6541c2af31dae8717"
                           "28bf856a174f93f4";

struct receiving {
  private_key bob = rfc7518_bob();
  jwe_opener opener{bob, single_signatures};

  std::string_view code(std::string_view jwe) {
    return code_of([&] { (void)opener.open(jwe, message_type); });
  }
  std::string said(std::string_view jwe) {
    return complaint([&] { (void)opener.open(jwe, message_type); });
  }
  std::string seal(std::string_view text) {
    return seal_jwe(text, bob.public_half(), message_type);
  }

  /// A JWE under the secret that Bob shares with `epk`, but whose header has
  /// other coordinates.
  std::string with_epk(const public_key& epk, const std::string& x_hex,
                       const std::string& y_hex) {
    const auto text = [](const std::string& hex) {
      const auto number = from_hex(hex);
      return encode(
          {reinterpret_cast<const char*>(number.data()), number.size()});
    };
    auto header = jwe_header_text(epk, bob.public_half(), message_type);
    const auto from = header.find(R"("x":)");
    const auto to = header.find("},", from);
    header.replace(from, to - from,
                   R"("x":")" + text(x_hex) + R"(","y":")" + text(y_hex) +
                       "\"");
    return jwe_by_botan({header, shared_secret(bob, epk)}, "text");
  }
};

public_key point(const std::string& x_hex, const std::string& y_hex) {
  return {curve::p256, from_hex(x_hex + y_hex)};
}

std::string derived(std::string_view secret, std::string_view algorithm,
                    std::string_view apu, std::string_view apv,
                    std::size_t size) {
  std::string key(size, '\0');
  concat_kdf(bytes(secret), algorithm, apu, apv,
             std::as_writable_bytes(std::span(key)));
  return encode(key);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_key_agreement_of_rfc_7518_is_met) {
  // Appendix C, also with swapped roles.
  const auto z = from_hex("9e56d91d817135d372834283bf84269cfb316ea3da806a48"
                          "f6daa7798cfe90c4");
  for (const auto& secret :
       {shared_secret(rfc7518_alice(), rfc7518_bob().public_half()),
        shared_secret(rfc7518_bob(), rfc7518_alice().public_half())}) {
    BOOST_TEST(to_hex(bytes(secret)) == to_hex(z));
    BOOST_TEST(derived(secret, "A128GCM", "Alice", "Bob", 16) ==
               "VqqN6vgjbSBcIijNcacQGg");
  }
}

BOOST_AUTO_TEST_CASE(the_key_agreement_of_rfc_7520_is_met) {
  // Section 5.5: a 32-byte key for another algorithm, without parties.
  const private_key own(
      curve::p256,
      bytes(decode("r_kHyZ-a06rmxM3yESK84r1otSg-aQcVStkRhA-iCM8")));
  const public_key epk(
      curve::p256,
      bytes(decode("mPUKT_bAWGHIhg0TpjjqVsP1rXWQu_vwVOHHtNkdYoA") +
            decode("8BQAsImGeAS46fyWw5MhYfGTT0IjBpFw2SS34Dv4Irs")));
  BOOST_TEST(derived(shared_secret(own, epk), "A128CBC-HS256", "", "", 32) ==
             "hzHdlfQIAEehb8Hrd_mFRhKsKLEzPfshfXs9l6areCc");
}

BOOST_AUTO_TEST_CASE(every_input_of_the_key_derivation_counts) {
  const std::string secret(32, 's');
  const auto key = derived(secret, "A256GCM", "u", "v", 32);
  for (const auto& other :
       {derived(std::string(32, 't'), "A256GCM", "u", "v", 32),
        derived(secret, "A128GCM", "u", "v", 32),
        derived(secret, "A256GCM", "", "v", 32),
        derived(secret, "A256GCM", "u", "", 32),
        derived(secret, "A256GCM", "uv", "", 32),
        derived(secret, "A256GCM", "v", "u", 32),
        derived(secret, "A256GCM", "u", "v", 31) + "A"})
    BOOST_TEST(other != key);
  BOOST_CHECK_THROW((void)derived(secret, "A256GCM", "", "", 33),
                    std::invalid_argument);
}

BOOST_FIXTURE_TEST_CASE(what_another_implementation_sealed_is_opened,
                        receiving) {
  BOOST_TEST(opener.open(by_jose, message_type) == "text");
  BOOST_TEST(opener.open(by_jose_with_parties, message_type) == "text");
}

BOOST_FIXTURE_TEST_CASE(what_is_sealed_another_implementation_opens,
                        receiving) {
  // Its ephemeral private key is gone, so it is opened with Bob's private key.
  const auto jwe = seal("text");
  const auto header = decode(jwe.substr(0, jwe.find('.')));
  const auto number = [&](const char* name) {
    return decode(header.substr(header.find(name) + 5, 43));
  };
  const public_key epk(curve::p256,
                       bytes(number(R"("x":")") + number(R"("y":")")));
  BOOST_TEST(header == jwe_header_text(epk, bob.public_half(), message_type));
  BOOST_TEST(open_by_botan(jwe, shared_secret(bob, epk)).value() == "text");
}

BOOST_FIXTURE_TEST_CASE(text_of_every_size_comes_back, receiving) {
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 1000U, 100'000U}) {
    std::string text(size, '\0');
    replayed_random(size)(std::as_writable_bytes(std::span(text)));
    BOOST_TEST((opener.open(seal(text), message_type) == text));
  }
}

BOOST_FIXTURE_TEST_CASE(sealing_twice_repeats_nothing, receiving) {
  const auto a = seal("text");
  const auto b = seal("text");
  for (std::size_t i = 0, dot = 0; i < 5; ++i) {
    const auto end = std::min(a.find('.', dot), b.find('.', dot));
    if (i != 1) // the encrypted key, which is empty
      BOOST_TEST(a.substr(dot, end - dot) != b.substr(dot, end - dot));
    dot = end + 1;
  }
}

BOOST_FIXTURE_TEST_CASE(another_key_opens_nothing, receiving) {
  const auto alice = rfc7518_alice();
  jwe_opener other(alice, single_signatures);
  BOOST_TEST(code_of([&] { (void)other.open(seal("text"), message_type); }) ==
             "invalid_jwe");
  // Nor if the header claims that the JWE is for that key.
  const auto client = rfc7515_key();
  const jwe_recipe recipe{
      jwe_header_text(client.public_half(), alice.public_half(), message_type),
      shared_secret(client, bob.public_half())};
  BOOST_TEST(code_of([&] {
               (void)other.open(jwe_by_botan(recipe, "text"), message_type);
             }) == "invalid_jwe");
}

BOOST_FIXTURE_TEST_CASE(a_bystander_with_everything_but_the_key_opens_nothing,
                        receiving) {
  // The bystander has the JWE, both public keys and the client's private key,
  // and may combine them; only the node's private key gives the shared secret.
  const auto client = rfc7515_key();
  const auto ephemeral = rfc7518_alice();
  const jwe_recipe recipe{
      jwe_header_text(ephemeral.public_half(), bob.public_half(), message_type),
      shared_secret(ephemeral, bob.public_half())};
  const auto jwe = jwe_by_botan(recipe, "text");
  BOOST_TEST(opener.open(jwe, message_type) == "text");
  const auto epk = ephemeral.public_half();
  const auto half = [](const public_key& key, std::size_t at) {
    const auto number = key.point().subspan(at, 32);
    return std::string(reinterpret_cast<const char*>(number.data()), 32);
  };
  for (const auto& guess :
       {shared_secret(client, bob.public_half()), shared_secret(client, epk),
        shared_secret(client, client.public_half()), half(epk, 0),
        half(epk, 32), half(bob.public_half(), 0), half(bob.public_half(), 32),
        std::string(32, '\0')})
    BOOST_TEST(!open_by_botan(jwe, guess).has_value());
  BOOST_TEST(open_by_botan(jwe, shared_secret(bob, epk)).value() == "text");
}

BOOST_FIXTURE_TEST_CASE(every_changed_character_is_noticed, receiving) {
  const auto jwe = seal("some text that is worth a secret");
  for (std::size_t i = 0; i < jwe.size(); ++i)
    for (const char c : {'A', 'Q', '_', '.', '='}) {
      auto changed = jwe;
      if (changed[i] == c)
        continue;
      changed[i] = c;
      BOOST_REQUIRE(code(changed) == "invalid_jwe");
    }
}

BOOST_FIXTURE_TEST_CASE(every_truncation_is_noticed, receiving) {
  const auto jwe = seal("some text that is worth a secret");
  for (std::size_t size = 0; size < jwe.size(); ++size)
    BOOST_REQUIRE(code(jwe.substr(0, size)) == "invalid_jwe");
}

BOOST_FIXTURE_TEST_CASE(a_point_off_the_curve_is_refused, receiving) {
  const auto alice = rfc7518_alice().public_half();
  const auto x = to_hex(alice.point().first(32));
  const auto y = to_hex(alice.point().subspan(32));
  BOOST_TEST(code(with_epk(alice, x, y)) == "accepted");
  auto other = y;
  other.back() = other.back() == '0' ? '1' : '0';
  for (const auto& jwe :
       {with_epk(alice, x, other), with_epk(alice, y, x),
        with_epk(alice, zero, zero), with_epk(alice, x, zero),
        with_epk(alice, zero, y),
        with_epk(alice, std::string(64, 'f'), std::string(64, 'f'))})
    BOOST_TEST(contains(said(jwe), "does not lie on P-256"), said(jwe));
}

BOOST_FIXTURE_TEST_CASE(a_coordinate_has_one_encoding_only, receiving) {
  // x = 0 is a point of the curve; x = p is the same number modulo p.
  const auto at_zero = point(zero, y_of_zero);
  BOOST_TEST(code(with_epk(at_zero, zero, y_of_zero)) == "accepted");
  BOOST_TEST(
      contains(said(with_epk(at_zero, p, y_of_zero)), "does not lie on P-256"));
}

BOOST_FIXTURE_TEST_CASE(a_short_tag_is_refused, receiving) {
  // GCM itself would accept a tag's first 12 bytes as a shorter tag.
  const auto jwe = seal("text");
  const auto dot = jwe.rfind('.');
  const auto tag = decode(jwe.substr(dot + 1));
  BOOST_TEST(tag.size() == 16);
  for (std::size_t size = 0; size <= 15; ++size)
    BOOST_TEST(code(jwe.substr(0, dot + 1) + encode(tag.substr(0, size))) ==
               "invalid_jwe");
  BOOST_TEST(code(jwe.substr(0, dot + 1) + encode(tag + "x")) == "invalid_jwe");
}

BOOST_FIXTURE_TEST_CASE(a_wrong_key_and_a_wrong_tag_look_the_same, receiving) {
  const auto alice = rfc7518_alice();
  const auto header =
      jwe_header_text(alice.public_half(), bob.public_half(), message_type);
  const auto wrong_key =
      jwe_by_botan({header, shared_secret(alice, alice.public_half())}, "text");
  auto wrong_tag =
      jwe_by_botan({header, shared_secret(alice, bob.public_half())}, "text");
  BOOST_TEST(code(wrong_tag) == "accepted");
  const auto at = wrong_tag.size() - 5;
  wrong_tag[at] = wrong_tag[at] == 'A' ? 'B' : 'A';
  BOOST_TEST(code(wrong_key) == "invalid_jwe");
  BOOST_TEST(code(wrong_tag) == "invalid_jwe");
  BOOST_TEST(said(wrong_key) == said(wrong_tag));
}

BOOST_FIXTURE_TEST_CASE(a_refusal_leaves_nothing_behind, receiving) {
  const auto alice = rfc7518_alice().public_half();
  const auto x = to_hex(alice.point().first(32));
  auto changed = seal("text");
  changed[changed.size() - 5] = changed[changed.size() - 5] == 'A' ? 'B' : 'A';
  for (const auto& bad :
       {with_epk(alice, x, x), changed, std::string("...."), std::string()}) {
    BOOST_TEST(code(bad) == "invalid_jwe");
    BOOST_TEST(ERR_peek_error() == 0U);
    BOOST_TEST(opener.open(by_jose, message_type) == "text");
  }
}

BOOST_FIXTURE_TEST_CASE(many_are_opened_as_one_by_one, receiving) {
  std::vector<std::string> jwes;
  for (int i = 0; i < 30; ++i)
    jwes.push_back(seal(std::string(static_cast<std::size_t>(i * i), 'x')));
  jwes[3].back() = jwes[3].back() == 'A' ? 'B' : 'A';
  jwes[4] = by_jose_with_parties;
  jwes[9] = "no jwe";
  jwes[10] = with_epk(rfc7518_alice().public_half(), zero, zero);
  jwes[11] = seal_jwe("text", rfc7518_alice().public_half(), message_type);
  jwes[29].erase(jwes[29].size() - 4);
  const std::vector<std::string_view> texts(jwes.begin(), jwes.end());
  std::size_t opened = 0;
  for (const auto p : {provider::openssl, provider::batch})
    for (const std::size_t count : {0, 1, 2, 4, 9, 12, 30}) {
      jwe_opener many(bob, p);
      const auto all =
          many.open_batch(std::span(texts).first(count), message_type);
      BOOST_REQUIRE(all.size() == count);
      for (std::size_t i = 0; i < count; ++i) {
        const auto* text = std::get_if<std::string>(&all[i]);
        const auto* fault = std::get_if<invalid_jwe>(&all[i]);
        opened += text != nullptr;
        BOOST_TEST((fault ? fault->what() : "") == said(texts[i]));
        if (text != nullptr)
          BOOST_TEST(*text == opener.open(texts[i], message_type));
      }
    }
  BOOST_TEST(opened > 50U);
}

BOOST_FIXTURE_TEST_CASE(an_opener_can_be_moved, receiving) {
  auto moved = std::move(opener);
  BOOST_TEST(moved.open(by_jose, message_type) == "text");
  opener = std::move(moved);
  BOOST_TEST(opener.open(by_jose, message_type) == "text");
}

BOOST_AUTO_TEST_CASE(nothing_is_encrypted_to_a_key_on_p_384) {
  const auto p384 = private_key::generate(curve::p384, system_random());
  BOOST_CHECK_THROW((jwe_opener{p384, single_signatures}),
                    std::invalid_argument);
  BOOST_CHECK_THROW((void)seal_jwe("text", p384.public_half(), message_type),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
