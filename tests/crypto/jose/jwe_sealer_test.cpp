// SPDX-License-Identifier: Apache-2.0

// Many JWEs at a time. What a JWE is made of is tested in jwe_test.cpp.

#include "crypto/jose/jwe.hpp"
#include "crypto/ledger/message.hpp"

#include "tests/crypto/fixture.hpp"
#include "tests/crypto/jose_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/err.h>

#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(jwe_sealer_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

constexpr provider all_providers[] = {provider::openssl, provider::botan,
                                      provider::batch};

/// Texts of different sizes, the first of them empty.
std::vector<std::string> some_plaintexts(std::size_t count) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i)
    texts.emplace_back(i * i % 1000, static_cast<char>('a' + i % 26));
  return texts;
}

struct sealing {
  private_key bob = rfc7518_bob();

  std::vector<std::string> seal(jwe_sealer& sealer,
                                std::span<const std::string> texts) const {
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    return sealer.seal_batch(views, message_type);
  }

  /// What `p` opens, in their order.
  std::vector<std::string> open(provider p,
                                std::span<const std::string> jwes) const {
    const std::vector<std::string_view> views(jwes.begin(), jwes.end());
    std::vector<std::string> texts;
    for (auto& opening : jwe_opener(bob, p).open_batch(views, message_type)) {
      const auto* text = std::get_if<std::string>(&opening);
      BOOST_REQUIRE(text != nullptr);
      texts.push_back(*text);
    }
    return texts;
  }
};

public_key epk_of(std::string_view jwe) {
  const auto header = decode(jwe.substr(0, jwe.find('.')));
  const auto number = [&](const char* name) {
    return decode(header.substr(header.find(name) + 5, 43));
  };
  // Throws unless it is on the curve.
  return {curve::p256, bytes(number(R"("x":")") + number(R"("y":")"))};
}

std::string iv_of(std::string_view jwe) {
  return std::string(jwe.substr(jwe.find("..") + 2, 16));
}

} // namespace

BOOST_FIXTURE_TEST_CASE(all_that_is_sealed_is_opened, sealing) {
  for (const auto p : all_providers) {
    jwe_sealer sealer(bob.public_half(), p);
    for (const std::size_t count : {0, 1, 2, 9, 130}) {
      const auto texts = some_plaintexts(count);
      const auto jwes = seal(sealer, texts);
      BOOST_TEST((open(provider::openssl, jwes) == texts));
      BOOST_TEST((open(provider::batch, jwes) == texts));
    }
  }
  BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_FIXTURE_TEST_CASE(another_implementation_opens_a_batch, sealing) {
  for (const auto p : all_providers) {
    jwe_sealer sealer(bob.public_half(), p);
    const auto texts = some_plaintexts(12);
    const auto jwes = seal(sealer, texts);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto epk = epk_of(jwes[i]);
      BOOST_TEST(decode(jwes[i].substr(0, jwes[i].find('.'))) ==
                 jwe_header_text(epk, bob.public_half(), message_type));
      BOOST_TEST(open_by_botan(jwes[i], shared_secret(bob, epk)).value() ==
                 texts[i]);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(nothing_is_repeated_in_a_batch_or_the_next, sealing) {
  const std::vector<std::string> texts(40, "the same text");
  for (const auto p : all_providers) {
    jwe_sealer sealer(bob.public_half(), p);
    std::set<key_id> epks;
    std::set<std::string> ivs, ciphertexts;
    for (int i = 0; i < 3; ++i)
      for (const auto& jwe : seal(sealer, texts)) {
        epks.insert(epk_of(jwe).id());
        ivs.insert(iv_of(jwe));
        ciphertexts.insert(jwe.substr(jwe.find("..") + 18));
      }
    BOOST_TEST(epks.size() == 120u);
    BOOST_TEST(ivs.size() == 120u);
    BOOST_TEST(ciphertexts.size() == 120u);
  }
}

BOOST_FIXTURE_TEST_CASE(a_batch_is_for_its_recipient_alone, sealing) {
  jwe_sealer sealer(rfc7518_alice().public_half(), provider::batch);
  jwe_opener opener(bob, provider::openssl);
  for (const auto& jwe : seal(sealer, some_plaintexts(3)))
    BOOST_TEST(code_of([&] { (void)opener.open(jwe, message_type); }) ==
               "invalid_jwe");
}

BOOST_FIXTURE_TEST_CASE(a_sealer_can_be_moved, sealing) {
  jwe_sealer sealer(bob.public_half(), provider::batch);
  auto moved = std::move(sealer);
  const auto texts = some_plaintexts(3);
  BOOST_TEST((open(provider::batch, seal(moved, texts)) == texts));
  sealer = std::move(moved);
  BOOST_TEST((open(provider::batch, seal(sealer, texts)) == texts));
}

BOOST_AUTO_TEST_CASE(nothing_is_sealed_to_a_key_on_p_384) {
  const auto p384 = private_key::generate(curve::p384, system_random());
  for (const auto p : all_providers)
    BOOST_CHECK_THROW((jwe_sealer{p384.public_half(), p}),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
