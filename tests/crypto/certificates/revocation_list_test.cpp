// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/revocation_list.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "tests/crypto/certificates/pki_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(revocation_list_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

BOOST_AUTO_TEST_CASE(a_vector_is_read_as_openssl_prints_it) {
  const auto vectors = jades_vectors();
  if (!vectors)
    return;
  const auto pki = *vectors / "pki";
  const auto list = read_revocation_list(read_text(pki / "revoked.crl"));
  BOOST_TEST(list.issuer() ==
             "CN=Trial Invoices AS trial CA,O=Trial Invoices AS,C=EE");
  BOOST_TEST(list.this_update() == 1793491200); // 2026-11-01
  BOOST_TEST((list.next_update() == 2398377600));
  BOOST_TEST(list.number() == "1");
  BOOST_REQUIRE(list.entries().size() == 1);
  BOOST_TEST(list.entries()[0].serial ==
             "04d0077e9aa72eae029be21bae82d99d067e0180");
  const auto found = list.find("04d0077e9aa72eae029be21bae82d99d067e0180");
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->time == 1793491200);
  BOOST_TEST(to_text(found->reason) == "keyCompromise");
  BOOST_TEST(!list.find("04").has_value());
  const auto ca = read_certificate(pki / "ca.pem");
  BOOST_TEST(list.is_signed_by(ca));
  BOOST_TEST(!list.is_signed_by(read_certificate(pki / "other-ca.pem")));
  BOOST_TEST(!list.is_signed_by(read_certificate(pki / "seal.pem")));
  BOOST_TEST(std::ranges::equal(list.issuer_key_id(), ca.subject_key_id()));
  const auto again = revocation_list(list.der());
  BOOST_TEST(std::ranges::equal(again.der(), list.der()));
}

BOOST_AUTO_TEST_CASE(a_list_of_an_issuer_without_key_id_has_its_names_hash) {
  openssl_pki pki;
  const auto root =
      pki.issue({.name = "root",
                 .extensions = "basicConstraints=critical,CA:TRUE\n"
                               "subjectKeyIdentifier=none\n"});
  pki.openssl("version");
  write_file(pki.file("index"), "");
  write_file(pki.file("c"), "[ca]\ndefault_ca=a\n[a]\ndatabase=index\n"
                            "default_md=sha256\ndefault_crl_days=3\n");
  pki.openssl("ca -config c -cert root.pem -keyfile root.key -gencrl "
              "-out old.crl");
  const auto list = read_revocation_list(read_text(pki.file("old.crl")));
  const auto hash = sha256(root.subject_name());
  BOOST_TEST(
      std::ranges::equal(list.issuer_key_id(), std::as_bytes(std::span(hash))));
  BOOST_TEST(list.number() == ""); // version 1
  BOOST_TEST(list.is_signed_by(root));
}

BOOST_AUTO_TEST_CASE(an_authority_that_may_not_sign_lists_signs_none) {
  openssl_pki pki;
  const auto root =
      pki.issue({.name = "root",
                 .extensions = "basicConstraints=critical,CA:TRUE\n"
                               "keyUsage=critical,keyCertSign\n"
                               "subjectKeyIdentifier=hash\n"});
  BOOST_TEST(!pki.list("root", {}).is_signed_by(root));
}

BOOST_AUTO_TEST_CASE(numbers_of_twenty_bytes_are_compared) {
  openssl_pki pki;
  pki.issue({.name = "root"});
  const auto low = pki.list("root", {}, "", "09");
  const auto high =
      pki.list("root", {}, "", "7f00000000000000000000000000000000000000");
  BOOST_TEST(low.number() == "9");
  BOOST_TEST(high.number().size() == 48);
  BOOST_TEST(high.is_as_new_as(low));
  BOOST_TEST(!low.is_as_new_as(high));
  BOOST_TEST(low.is_as_new_as(low));
}

BOOST_AUTO_TEST_CASE(lists_of_a_part_are_refused) {
  openssl_pki pki;
  pki.issue({.name = "root"});
  const auto said = [&](const char* extension) {
    return complaint([&] { pki.list("root", {}, extension); });
  };
  BOOST_TEST(contains(said("issuingDistributionPoint=critical,@p\n[p]\n"
                           "fullname=URI:http://a\nonlyuser=TRUE"),
                      "2.5.29.28"));
  BOOST_TEST(contains(said("deltaCRL=critical,DER:020101"), "2.5.29.27"));
  BOOST_TEST(said("1.2.3.4=ASN1:NULL") == "");
}

BOOST_AUTO_TEST_CASE(damaged_lists_are_refused) {
  openssl_pki pki;
  pki.issue({.name = "root"});
  pki.issue_leaf("leaf", "root");
  const auto list = pki.list("root", {"leaf"});
  std::vector<std::byte> der(list.der().begin(), list.der().end());
  der.push_back(std::byte{0});
  BOOST_CHECK_THROW(revocation_list{der}, std::invalid_argument);
  for (std::size_t size = 0; size + 1 < der.size(); size += 5)
    BOOST_CHECK_THROW(revocation_list{std::span(der).first(size)},
                      std::invalid_argument);
  der.pop_back();
  for (auto& octet : der) {
    octet ^= std::byte{0x41};
    complaint([&] { revocation_list{der}; });
    octet ^= std::byte{0x41};
  }
}

BOOST_AUTO_TEST_CASE(files_without_a_list_say_what_they_are) {
  openssl_pki pki;
  pki.issue({.name = "root"});
  const auto list = pki.list("root", {});
  const auto said = [](const std::string& text) {
    return complaint([&] { read_revocation_list(text); });
  };
  BOOST_TEST(contains(said(""), "no list of revocations"));
  BOOST_TEST(contains(said(read_text(pki.file("root.pem"))), "CERTIFICATE"));
  const auto pem = read_text(pki.file("list.crl"));
  BOOST_TEST(contains(said(pem + pem), "more than one"));
  const std::string der(text_of(list.der()));
  BOOST_TEST(said(der) == "");
  BOOST_TEST(contains(said(der + "x"), "damaged"));
}

BOOST_AUTO_TEST_CASE(reasons_have_the_standards_spelling) {
  for (const auto text :
       {"unspecified", "keyCompromise", "cACompromise", "affiliationChanged",
        "superseded", "cessationOfOperation", "certificateHold",
        "privilegeWithdrawn", "aACompromise"})
    BOOST_TEST(to_text(revocation_reason_from_text(text)) == text);
  BOOST_CHECK_THROW(revocation_reason_from_text("removeFromCRL"),
                    std::invalid_argument);
  BOOST_TEST(contains(complaint([] { revocation_reason_from_text("lost"); }),
                      "keyCompromise"));
}

BOOST_AUTO_TEST_SUITE_END()
