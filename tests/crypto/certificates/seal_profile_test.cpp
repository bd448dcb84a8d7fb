// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/seal_profile.hpp"

#include "tests/crypto/certificates/pki_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(seal_profile_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

bool warns(const profile_finding& finding, std::string_view word) {
  for (const auto& warning : finding.warnings)
    if (contains(warning, word))
      return true;
  return false;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_vectors_fit_or_are_warned_of) {
  const auto vectors = jades_vectors();
  if (!vectors)
    return;
  const auto finding = [&](const char* name) {
    return check_seal_profile(read_certificate(*vectors / "pki" / name));
  };
  for (const auto* name : {"seal.pem", "seal-384.pem", "seal-chain.pem"}) {
    BOOST_TEST(finding(name).refusal == "");
    BOOST_TEST(finding(name).warnings.empty());
  }
  const auto signing = finding("digital-signature.pem");
  BOOST_TEST(signing.refusal == "");
  BOOST_TEST(signing.warnings.size() == 1);
  BOOST_TEST(warns(signing, "not non-repudiation"));
  BOOST_TEST(contains(finding("ca.pem").refusal, "authority's"));
  const auto rsa = read_certificate(*vectors / "rsa" / "seal.pem");
  BOOST_TEST(check_seal_profile(rsa).refusal == "");
}

BOOST_AUTO_TEST_CASE(a_key_usage_for_other_things_is_refused) {
  openssl_pki pki;
  pki.issue({.name = "root"});
  const auto leaf = [&](const char* name, const char* extensions) {
    return check_seal_profile(pki.issue_leaf(name, "root", extensions));
  };
  BOOST_TEST(contains(leaf("a", "keyUsage=critical,keyAgreement\n").refusal,
                      "neither non-repudiation"));
  const auto bare = leaf("b", "authorityKeyIdentifier=none\n"
                              "basicConstraints=CA:FALSE\n");
  BOOST_TEST(bare.refusal == "");
  BOOST_TEST(warns(bare, "no key usage"));
  BOOST_TEST(warns(bare, "AIA"));
  BOOST_TEST(warns(bare, "CRL distribution point"));
  BOOST_TEST(warns(bare, "authority key identifier"));
  BOOST_TEST(bare.warnings.size() == 4);
}

BOOST_AUTO_TEST_SUITE_END()
