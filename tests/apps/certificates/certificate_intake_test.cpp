// SPDX-License-Identifier: Apache-2.0
#include "apps/certificates/certificate_intake.hpp"

#include "tests/crypto/certificates/seal_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(certificate_intake_test)

using namespace chancery;
using namespace chancery::apps;
using tests::seal_fixture;

namespace {

using certificates = std::vector<crypto::certificate>;

certificate_intake take(const seal_fixture& f, const certificates& given,
                        const std::vector<crypto::revocation_list>& lists = {},
                        std::int64_t later = 0) {
  const certificates roots{f.authority.own()};
  return take_certificates(crypto::public_half(f.keys), given, roots, lists,
                           f.seconds() + later);
}

std::string refusal(const seal_fixture& f, const certificates& given,
                    const std::vector<crypto::revocation_list>& lists = {},
                    std::int64_t later = 0) {
  try {
    take(f, given, lists, later);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return {};
}

void says(const std::string& said, std::string_view word) {
  BOOST_TEST(said.find(word) != std::string::npos, word << " <- " << said);
}

} // namespace

BOOST_AUTO_TEST_CASE(each_key_gets_the_certificate_that_names_it) {
  const seal_fixture f;
  const auto a = f.issue(0);
  const auto c = f.issue(2);
  const auto intake = take(f, {c, f.authority.own(), a, a});
  BOOST_REQUIRE(intake.taken.size() == 2);
  for (const auto& each : intake.taken) {
    BOOST_REQUIRE(each.chain.size() == 2);
    BOOST_TEST((each.chain.front().key()->id() == each.key));
    BOOST_TEST((each.chain.back() == f.authority.own()));
  }
  BOOST_TEST(intake.warnings.empty());
}

BOOST_AUTO_TEST_CASE(one_that_cannot_be_used_refuses_all) {
  const seal_fixture f;
  const auto stranger = crypto::private_key::generate(crypto::curve::p256,
                                                      crypto::system_random());
  const auto good = f.issue(0);
  says(refusal(f, {good, f.issue(stranger.public_half())}), "no such key");
  says(refusal(f, {good, f.issue(1), f.issue(1)}), "another one for the same");
  says(refusal(f, {f.authority.own()}), "no certificate for a key");
  says(refusal(f, {}), "no certificate for a key");
  const seal_fixture other;
  says(refusal(f, {other.issue(f.key(0))}), "was not signed by the key");
}

BOOST_AUTO_TEST_CASE(retired_keys_get_none) {
  seal_fixture f;
  const auto leaf = f.issue(0);
  f.keys.retire(f.key(0).id());
  says(refusal(f, {leaf}), "retired");
}

BOOST_AUTO_TEST_CASE(an_authority_with_a_key_of_the_keyring_is_no_leaf) {
  seal_fixture f;
  f.keys.add(f.authority_key);
  says(refusal(f, {f.authority.own()}), "authority's (CA)");
}

BOOST_AUTO_TEST_CASE(dates_and_revocations_count) {
  const seal_fixture f;
  const auto leaf = f.issue(0, 30);
  constexpr std::int64_t day = 86'400;
  says(refusal(f, {leaf}, {}, 31 * day), "expired at");
  says(refusal(f, {leaf}, {f.revoke({leaf})}, 1), "was revoked at");
  BOOST_TEST(refusal(f, {leaf}, {f.revoke({f.issue(1)})}) == "");
}

BOOST_AUTO_TEST_CASE(one_that_is_not_valid_yet_is_taken_with_a_warning) {
  const seal_fixture f;
  const auto intake = take(f, {f.issue(0)}, {}, -3600);
  BOOST_TEST(intake.taken.size() == 1);
  BOOST_REQUIRE(intake.warnings.size() == 1);
  says(intake.warnings.front(), "not valid yet");
}

BOOST_AUTO_TEST_CASE(equal_warnings_are_said_once_with_their_count) {
  const seal_fixture f;
  const auto bare = [&](std::size_t i) {
    return f.authority.issue(f.key(i), f.name("CN=bare"), {.now = f.now},
                             crypto::system_random());
  };
  const auto intake = take(f, {bare(0), bare(1), bare(2)});
  BOOST_REQUIRE(intake.warnings.size() == 2); // AIA and CRL
  for (const auto& warning : intake.warnings)
    says(warning, "'CN=bare' and 2 others: no address");
}

BOOST_AUTO_TEST_SUITE_END()
