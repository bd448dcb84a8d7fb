// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/trial_authority.hpp"

#include "crypto/certificates/certificate_path.hpp"
#include "crypto/certificates/seal_profile.hpp"
#include "crypto/certificates/subject_template.hpp"
#include "crypto/keys/pem.hpp"
#include "crypto/keys/pem_block.hpp"
#include "tests/crypto/certificates/pki_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(trial_authority_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;
using namespace std::chrono_literals;

namespace {

using std::chrono::days;
using std::chrono::system_clock;

std::vector<std::byte> name_of(std::string_view text) {
  return subject_template(text).fill(1, "");
}

struct trial {
  explicit trial(curve c = curve::p256)
      : key(private_key::generate(c, system_random())) {}

  system_clock::time_point now = system_clock::now();
  private_key key;
  trial_authority authority{
      key, trial_authority::make(key, name_of("C=EE,O=Trial,CN=Trial CA"), now,
                                 system_random())};
  private_key sealing = private_key::generate(key.curve(), system_random());

  std::int64_t seconds() const {
    return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch())
        .count();
  }

  /// What was sealed in this one stays valid.
  std::int64_t next_second() const {
    return std::chrono::ceil<std::chrono::seconds>(now.time_since_epoch())
        .count();
  }

  certificate issue(seal_terms terms) const {
    return authority.issue(
        sealing.public_half(),
        name_of("C=EE,O=Trial,organizationIdentifier=VATEE-1,CN=Seal"), terms,
        system_random());
  }
  certificate issue() const {
    return issue({.now = now,
                  .valid = days(90),
                  .issuer_url = "http://ca.example/ca.cer",
                  .list_url = "http://ca.example/ca.crl"});
  }
  revocation_list
  list(const std::optional<revocation_list>& last,
       const std::vector<certificate>& revoked = {},
       revocation_reason reason = revocation_reason::superseded) const {
    return authority.next_list(last, revoked, reason, now, days(30),
                               system_random());
  }
};

/// The files for the openssl command line.
void write_files(const openssl_pki& pki, const trial& t,
                 const certificate& leaf, const revocation_list& list) {
  write_file(pki.file("ca.pem"), certificate_to_pem(t.authority.own().der()));
  write_file(pki.file("leaf.pem"), certificate_to_pem(leaf.der()));
  write_file(pki.file("ca.crl"), to_pem_block("X509 CRL", list.der()));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_seal_certificate_follows_the_profile) {
  const trial t;
  const auto leaf = t.issue();
  BOOST_TEST(leaf.subject() == "CN=Seal,organizationIdentifier=VATEE-1,O=Trial,"
                               "C=EE");
  BOOST_TEST(leaf.issuer() == "CN=Trial CA,O=Trial,C=EE");
  BOOST_TEST((leaf.key() == t.sealing.public_half()));
  BOOST_TEST(leaf.not_before() == t.seconds());
  BOOST_TEST(leaf.not_after() == t.seconds() + 90 * 86'400);
  BOOST_TEST(!leaf.is_authority());
  BOOST_TEST(leaf.allows(certificate_usage::non_repudiation));
  BOOST_TEST(!leaf.allows(certificate_usage::digital_signature));
  BOOST_TEST(std::ranges::equal(leaf.authority_key_id(),
                                t.authority.own().subject_key_id()));
  const auto finding = check_seal_profile(leaf);
  BOOST_TEST(finding.refusal == "");
  BOOST_TEST(finding.warnings.empty());
  const auto path =
      check_path(leaf, {}, std::vector{t.authority.own()}, {}, t.seconds());
  BOOST_TEST(path.why == "");
  BOOST_TEST(path.warnings.empty());
}

BOOST_AUTO_TEST_CASE(openssl_accepts_what_is_issued) {
  for (const auto c : {curve::p256, curve::p384}) {
    const trial t(c);
    const openssl_pki pki;
    write_files(pki, t, t.issue(), t.list({}));
    const auto verify = "verify -x509_strict -CAfile ca.pem -CRLfile ca.crl "
                        "-crl_check leaf.pem";
    BOOST_TEST(contains(pki.openssl(verify), "leaf.pem: OK"));
    const auto text = pki.openssl("x509 -in leaf.pem -noout -text");
    for (const auto* wanted : {"X509v3 Basic Constraints: critical", "CA:FALSE",
                               "X509v3 Key Usage: critical", "Non Repudiation",
                               "CA Issuers - URI:http://ca.example/ca.cer",
                               "URI:http://ca.example/ca.crl"})
      BOOST_TEST(contains(text, wanted), wanted << " <- " << text);
    const auto ca = pki.openssl("x509 -in ca.pem -noout -text");
    BOOST_TEST(contains(ca, "CA:TRUE, pathlen:0"), ca);
    BOOST_TEST(contains(ca, "Certificate Sign, CRL Sign"), ca);
  }
}

BOOST_AUTO_TEST_CASE(openssl_sees_a_revocation) {
  const trial t;
  const openssl_pki pki;
  const auto leaf = t.issue();
  const auto list =
      t.list(t.list({}), {leaf}, revocation_reason::key_compromise);
  write_files(pki, t, leaf, list);
  const auto said = pki.openssl("verify -x509_strict -CAfile ca.pem -CRLfile "
                                "ca.crl -crl_check leaf.pem || true");
  BOOST_TEST(contains(said, "certificate revoked"), said);
  const auto text = pki.openssl("crl -in ca.crl -noout -text");
  for (const auto* wanted : {"Version 2", "CRL Number", "Key Compromise",
                             "X509v3 Authority Key Identifier"})
    BOOST_TEST(contains(text, wanted), wanted << " <- " << text);
}

BOOST_AUTO_TEST_CASE(lists_follow_each_other) {
  const trial t;
  const auto a = t.issue();
  const auto b = t.issue();
  const auto first = t.list({}, {a}, revocation_reason::unspecified);
  const auto second = t.list(first, {b});
  const auto third = t.list(second);
  BOOST_TEST(first.number() == "1");
  BOOST_TEST(second.number() == "2");
  BOOST_TEST(third.number() == "3");
  BOOST_TEST(third.is_as_new_as(second));
  BOOST_REQUIRE(third.entries().size() == 2);
  BOOST_TEST(
      (third.find(a.serial())->reason == revocation_reason::unspecified));
  BOOST_TEST((third.find(b.serial())->reason == revocation_reason::superseded));
  BOOST_TEST(third.find(b.serial())->time == t.next_second());
  BOOST_TEST(third.this_update() == t.seconds());
  BOOST_TEST((third.next_update() == t.seconds() + 30 * 86'400));
  BOOST_TEST(std::ranges::equal(third.issuer_key_id(),
                                t.authority.own().subject_key_id()));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_revoked_is_refused) {
  const trial t;
  const trial other;
  const auto leaf = t.issue();
  const auto list = t.list({}, {leaf});
  BOOST_TEST(contains(complaint([&] { t.list(list, {leaf}); }), "already"));
  BOOST_TEST(contains(complaint([&] { t.list({}, {other.issue()}); }),
                      "another authority"));
  BOOST_TEST(contains(complaint([&] { t.list(other.list({})); }),
                      "another authority's"));
}

BOOST_AUTO_TEST_CASE(serial_numbers_are_random_and_of_127_bits) {
  const trial t;
  std::set<std::string> serials;
  for (int i = 0; i < 50; ++i) {
    const auto serial = t.issue().serial();
    BOOST_TEST(serial.size() <= 32);
    if (serial.size() == 32)
      BOOST_TEST(serial[0] < '8');
    serials.insert(serial);
  }
  BOOST_TEST(serials.size() == 50);
}

BOOST_AUTO_TEST_CASE(a_seal_ends_with_its_authority) {
  const trial t;
  const auto long_one = t.issue({.now = t.now, .valid = days(9000)});
  BOOST_TEST(long_one.not_after() == t.authority.own().not_after());
  BOOST_TEST(contains(complaint([&] { t.issue({.now = t.now + days(3651)}); }),
                      "expired"));
}

BOOST_AUTO_TEST_CASE(addresses_are_urls) {
  const trial t;
  for (const auto* url :
       {"ca.example", "file:///etc/ca", "http://a b", "x", "http://\xc3\xb5"}) {
    BOOST_CHECK_THROW(t.issue({.now = t.now, .issuer_url = url}),
                      std::invalid_argument);
    BOOST_CHECK_THROW(t.issue({.now = t.now, .list_url = url}),
                      std::invalid_argument);
  }
  const auto without = t.issue({.now = t.now});
  BOOST_TEST(!without.names_issuer_address());
  BOOST_TEST(!without.names_list_address());
  BOOST_TEST(check_seal_profile(without).warnings.size() == 2);
}

BOOST_AUTO_TEST_CASE(the_authority_needs_its_own_certificate) {
  const trial t;
  const trial other;
  BOOST_TEST(contains(
      complaint([&] { trial_authority(t.key, other.authority.own()); }),
      "another key"));
  const auto leaf = t.issue();
  BOOST_TEST(contains(complaint([&] { trial_authority(t.sealing, leaf); }),
                      "not that of an authority"));
}

BOOST_AUTO_TEST_SUITE_END()
