// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/certificate.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/keys/pem.hpp"
#include "tests/crypto/certificates/pki_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(certificate_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

certificate root(openssl_pki& pki) { return pki.issue({.name = "root"}); }

std::vector<std::byte> changed(std::span<const std::byte> der,
                               std::string_view from, std::string_view to) {
  std::vector<std::byte> out(der.begin(), der.end());
  const auto wanted = bytes_of(from);
  const auto at =
      std::search(out.begin(), out.end(), wanted.begin(), wanted.end());
  BOOST_REQUIRE((at != out.end()));
  std::ranges::copy(bytes_of(to), at);
  return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_seal_certificate_is_read_as_openssl_prints_it) {
  const auto vectors = jades_vectors();
  if (!vectors)
    return;
  const auto seal = read_certificate(*vectors / "pki" / "seal.pem");
  BOOST_TEST(seal.subject() ==
             "CN=Trial Invoices AS record seal 0001,organizationIdentifier="
             "VATEE-123456789,O=Trial Invoices AS,C=EE");
  BOOST_TEST(seal.issuer() ==
             "CN=Trial Invoices AS trial CA,O=Trial Invoices AS,C=EE");
  BOOST_TEST(seal.serial() == "04d0077e9aa72eae029be21bae82d99d067e0180");
  BOOST_TEST(seal.not_before() == 1767225600); // 2026-01-01
  BOOST_TEST(seal.not_after() == 2398377600);  // 2046-01-01
  BOOST_REQUIRE(seal.key().has_value());
  BOOST_TEST((seal.key()->curve() == curve::p256));
  BOOST_TEST(!seal.is_authority());
  BOOST_TEST(!seal.is_self_signed());
  BOOST_TEST(seal.states_usage());
  BOOST_TEST(seal.allows(certificate_usage::non_repudiation));
  BOOST_TEST(!seal.allows(certificate_usage::digital_signature));
  BOOST_TEST(to_hex(seal.subject_key_id()) ==
             "eb7c8a7e5df9dc1a10b81db876054143e1c88185");
  BOOST_TEST(to_hex(seal.authority_key_id()) ==
             "8ece2a2ad330808c499d5e89182e47f61ee17c04");
  BOOST_TEST(seal.names_issuer_address());
  BOOST_TEST(seal.names_list_address());
  BOOST_TEST(!seal.is_signed_with_sha1());
  BOOST_TEST((seal.id() == sha256(seal.der())));
}

BOOST_AUTO_TEST_CASE(keys_of_other_kinds_are_no_key) {
  const auto vectors = jades_vectors();
  if (!vectors)
    return;
  const auto p384 = read_certificate(*vectors / "pki" / "seal-384.pem");
  BOOST_TEST((p384.key()->curve() == curve::p384));
  const auto rsa = read_certificate(*vectors / "rsa" / "ca.pem");
  BOOST_TEST(!rsa.key().has_value());
  BOOST_TEST(rsa.is_authority());
  BOOST_TEST(rsa.is_self_signed());
  BOOST_TEST(rsa.allows(certificate_usage::sign_certificates));
  BOOST_TEST(rsa.allows(certificate_usage::sign_lists));
  BOOST_TEST(!rsa.names_issuer_address());
}

BOOST_AUTO_TEST_CASE(the_key_is_the_one_that_openssl_made) {
  openssl_pki pki;
  const auto made = root(pki);
  const auto key = private_key_from_pem(read_text(pki.file("root.key")));
  BOOST_TEST((made.key() == key.public_half()));
  // Compressed points (SEC 1 2.3.3) are the same key.
  pki.openssl("ec -in root.key -conv_form compressed -out short.key");
  const auto short_form = pki.issue({.name = "b", .key_of = "short"});
  BOOST_TEST((short_form.key() == key.public_half()));
}

BOOST_AUTO_TEST_CASE(a_curve_that_is_spelt_out_is_refused) {
  openssl_pki pki;
  const auto said = complaint([&] {
    pki.issue({.name = "a",
               .key = "EC -pkeyopt ec_paramgen_curve:P-256 "
                      "-pkeyopt ec_param_enc:explicit"});
  });
  BOOST_TEST(contains(said, "spells out"), said);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_never_ends_is_refused_in_words) {
  openssl_pki pki;
  pki.issue({.name = "root"});
  write_file(pki.file("serial"), "01\n");
  write_file(pki.file("c"), "[a]\ndatabase=index\nserial=serial\n"
                            "new_certs_dir=.\ndefault_md=sha256\npolicy=p\n"
                            "[p]\nCN=supplied\n");
  const auto ends = [&](const char* when) {
    write_file(pki.file("index"), "");
    pki.openssl(std::string("ca -batch -config c -name a -selfsign -keyfile "
                            "root.key -in root.csr -notext -out a.pem "
                            "-enddate ") +
                when);
    return complaint([&] { read_certificate(pki.file("a.pem")); });
  };
  BOOST_TEST(contains(ends("99991231235959Z"), "never ends"));
  BOOST_TEST(ends("29991231235959Z") == "");
}

BOOST_AUTO_TEST_CASE(bytes_around_the_der_and_damage_are_refused) {
  openssl_pki pki;
  const auto made = root(pki);
  std::vector<std::byte> der(made.der().begin(), made.der().end());
  BOOST_TEST((certificate(der) == made));
  auto longer = der;
  longer.push_back(std::byte{0});
  BOOST_CHECK_THROW(certificate{longer}, std::invalid_argument);
  for (std::size_t size = 0; size < der.size(); size += 7)
    BOOST_CHECK_THROW(certificate{std::span(der).first(size)},
                      std::invalid_argument);
  const auto pem = read_text(pki.file("root.pem"));
  BOOST_CHECK_THROW(certificate{bytes_of(pem)}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(no_changed_octet_does_harm) {
  openssl_pki pki;
  const auto made = root(pki);
  std::vector<std::byte> der(made.der().begin(), made.der().end());
  for (auto& octet : der) {
    octet ^= std::byte{0x41};
    try {
      const certificate other(der);
      BOOST_TEST(!(other == made));
      complaint([&] { return other.subject() + other.issuer(); });
    } catch (const std::invalid_argument&) {
    }
    octet ^= std::byte{0x41};
  }
}

BOOST_AUTO_TEST_CASE(two_extensions_of_a_kind_are_refused) {
  openssl_pki pki;
  // Turns the authority's key id (2.5.29.35) into a second 2.5.29.14.
  const auto made =
      pki.issue({.name = "a",
                 .extensions = "subjectKeyIdentifier=hash\n"
                               "authorityKeyIdentifier=keyid:always\n"
                               "1.2.3.4=ASN1:NULL\n1.2.3.5=ASN1:NULL\n"});
  const auto said = complaint([&] {
    certificate{
        changed(made.der(), "\x06\x03\x2a\x03\x05", "\x06\x03\x2a\x03\x04")};
  });
  BOOST_TEST(contains(said, "two extensions"), said);
}

BOOST_AUTO_TEST_CASE(names_are_safe_to_print) {
  openssl_pki pki;
  const auto subject = [&](const std::string& text) {
    return pki
        .issue({.name = fmt::format("n{}", text.size()),
                .subject = text,
                .options = "-sha256 -days 1 -req"})
        .subject();
  };
  BOOST_TEST(subject("/O=A, B\\+C\"D/CN=#x ") ==
             "CN=\\#x\\ ,O=A\\, B\\+C\\\"D");
  BOOST_TEST(subject("/O=A/CN=x+serialNumber=7") == "CN=x+serialNumber=7,O=A");
  BOOST_TEST(subject("/CN=\x1b[31mred") == "CN=\\1B[31mred");
}

BOOST_AUTO_TEST_CASE(a_file_may_hold_many_certificates_and_text) {
  openssl_pki pki;
  const auto first = root(pki);
  const auto second = pki.issue_leaf("leaf", "root");
  const auto text = pki.openssl("x509 -in root.pem -text") + "\nhello\n" +
                    read_text(pki.file("root.key")) +
                    read_text(pki.file("leaf.pem"));
  const auto read = read_certificates(text);
  BOOST_REQUIRE(read.size() == 2);
  BOOST_TEST((read[0] == first));
  BOOST_TEST((read[1] == second));
  const auto der = text_of(second.der());
  BOOST_TEST((read_certificates(der).at(0) == second));
}

BOOST_AUTO_TEST_CASE(files_without_a_certificate_say_what_they_are) {
  openssl_pki pki;
  root(pki);
  const auto said = [](const std::string& text) {
    return complaint([&] { read_certificates(text); });
  };
  BOOST_TEST(contains(said(""), "no certificate"));
  BOOST_TEST(contains(said("hello"), "no certificate"));
  BOOST_TEST(contains(said(read_text(pki.file("root.key"))), "PRIVATE KEY"));
  pki.openssl("crl2pkcs7 -nocrl -certfile root.pem -out root.p7b");
  BOOST_TEST(contains(said(read_text(pki.file("root.p7b"))), "openssl pkcs7"));
  auto pem = read_text(pki.file("root.pem"));
  BOOST_TEST(contains(said(pem.substr(0, pem.size() / 2)), "cut short"));
  pem.replace(pem.find('\n') + 5, 4, "AAAA");
  BOOST_TEST(contains(said(pem), "certificate 1 of the file"));
}

BOOST_AUTO_TEST_SUITE_END()
