// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/certificate_request.hpp"

#include "crypto/certificates/subject_template.hpp"
#include "crypto/keys/pem.hpp"
#include "tests/crypto/certificates/pki_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(certificate_request_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

BOOST_AUTO_TEST_CASE(openssl_reads_and_verifies_a_request) {
  for (const auto c : {curve::p256, curve::p384}) {
    openssl_pki pki;
    const auto key = private_key::generate(c, system_random());
    const subject_template subject(
        "C=EE,O=Trial \xc3\x95un AS,organizationIdentifier=VATEE-123456789,"
        "CN=Seal {n}");
    write_file(pki.file("a.csr"),
               make_certificate_request(key, subject.fill(1, to_text(key.id())),
                                        system_random()));
    const auto said = pki.openssl("req -in a.csr -verify -noout -text "
                                  "-nameopt utf8,sep_comma_plus,lname");
    BOOST_TEST(contains(said, "verify OK"), said);
    BOOST_TEST(contains(said, "Non Repudiation"), said);
    BOOST_TEST(!contains(said, "Digital Signature"), said);
    BOOST_TEST(contains(said, "countryName=EE,organizationName=Trial "
                              "\xc3\x95un AS,organizationIdentifier="
                              "VATEE-123456789,commonName=Seal 0001"),
               said);
    BOOST_TEST(contains(said, c == curve::p256 ? "ecdsa-with-SHA256"
                                               : "ecdsa-with-SHA384"));
    BOOST_TEST(pki.openssl("req -in a.csr -noout -pubkey") ==
               to_pem(key.public_half()));
  }
}

BOOST_AUTO_TEST_CASE(a_subject_that_is_no_name_is_refused) {
  const auto key = private_key::generate(curve::p256, system_random());
  BOOST_CHECK_THROW(
      make_certificate_request(key, bytes("hello"), system_random()),
      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
