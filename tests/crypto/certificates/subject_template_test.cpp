// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/subject_template.hpp"

#include "crypto/certificates/distinguished_name.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(subject_template_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

constexpr const char* good =
    "C=EE,O=Trial Invoices AS,organizationIdentifier=VATEE-123456789,"
    "CN=Invoice seal {n}";

std::string filled(std::string_view text, std::size_t number = 7) {
  return name_text(subject_template(text).fill(number, "Vt3kR0s_-x-more"));
}

std::string said_of(std::string_view text) {
  return complaint([&] { subject_template{text}; });
}

bool warns(std::string_view text, std::string_view word) {
  for (const auto& warning : subject_template(text).warnings())
    if (contains(warning, word))
      return true;
  return false;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_template_gives_each_key_its_subject) {
  BOOST_TEST(filled(good) ==
             "CN=Invoice seal 0007,organizationIdentifier=VATEE-123456789,"
             "O=Trial Invoices AS,C=EE");
  BOOST_TEST(filled("CN={n}", 12345) == "CN=12345");
  BOOST_TEST(filled("CN=seal {key}") == "CN=seal Vt3kR0s_");
  BOOST_TEST(filled("CN={n}/{key}/{n}") == "CN=0007/Vt3kR0s_/0007");
}

BOOST_AUTO_TEST_CASE(the_order_is_the_standards) {
  BOOST_TEST(filled("CN=c,organizationIdentifier=i,OU=u,O=o,L=l,ST=s,C=EE,"
                    "serialNumber=9,STREET=r") ==
             "CN=c,serialNumber=9,organizationIdentifier=i,OU=u,O=o,STREET=r,"
             "L=l,ST=s,C=EE");
}

BOOST_AUTO_TEST_CASE(names_have_either_case_and_values_are_trimmed) {
  BOOST_TEST(filled(" cn = a b , organizationidentifier = x ,c=EE") ==
             "CN=a b,organizationIdentifier=x,C=EE");
}

BOOST_AUTO_TEST_CASE(a_backslash_quotes) {
  BOOST_TEST(filled("O=A\\, B\\=C\\\\D\\{n\\},CN=x") ==
             "CN=x,O=A\\, B\\=C\\\\D{n}");
}

BOOST_AUTO_TEST_CASE(utf8_is_kept) {
  BOOST_TEST(filled("O=\xc3\x95un AS,CN=x") == "CN=x,O=\xc3\x95un AS");
}

BOOST_AUTO_TEST_CASE(what_is_no_subject_is_refused) {
  BOOST_TEST(contains(said_of(""), "empty"));
  BOOST_TEST(contains(said_of("  "), "empty"));
  BOOST_TEST(contains(said_of("Invoices"), "NAME=VALUE"));
  BOOST_TEST(contains(said_of("O=A, B"), "NAME=VALUE"));
  BOOST_TEST(contains(said_of("X=1"), "known are C, ST"));
  BOOST_TEST(contains(said_of("CN="), "empty CN"));
  BOOST_TEST(contains(said_of("CN=a=b"), "quote it"));
  BOOST_TEST(contains(said_of("CN=a,CN=b"), "more than one CN"));
  BOOST_TEST(contains(said_of("CN={m}"), "{n}, {key}"));
  BOOST_TEST(contains(said_of("CN=a}"), "quote it"));
  BOOST_TEST(contains(said_of("CN=a\\"), "backslash"));
  BOOST_TEST(contains(said_of("CN=a\nb"), "control character"));
  BOOST_TEST(contains(said_of("CN=\xff"), "UTF-8"));
  BOOST_TEST(contains(said_of("C=EST"), "at most 2 fit"));
  BOOST_TEST(contains(said_of("CN=" + std::string(65, 'x')), "at most 64"));
  BOOST_TEST(said_of("CN=" + std::string(64, 'x')) == "");
}

BOOST_AUTO_TEST_CASE(a_number_may_make_a_value_too_long) {
  const subject_template full("CN=" + std::string(60, 'x') + "{n}");
  full.fill(9999, "");
  BOOST_CHECK_THROW(full.fill(10000, ""), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(validators_complaints_are_warned_of) {
  BOOST_TEST(subject_template(good).warnings().empty());
  BOOST_TEST(warns("O=a,CN=b", "country"));
  BOOST_TEST(warns("C=ee,O=a,CN=b", "country"));
  BOOST_TEST(warns("C=EE,CN=b", "organisation"));
  BOOST_TEST(warns("C=EE,O=a", "common name"));
  const auto identifier = [](const std::string& text) {
    return !warns("CN=a,organizationIdentifier=" + text,
                  "organizationIdentifier");
  };
  BOOST_TEST(identifier("VATEE-123"));
  BOOST_TEST(identifier("NTRDE-HRB 1"));
  BOOST_TEST(identifier("PSDFR-ACPR-1"));
  BOOST_TEST(identifier("LEIXG-5493001KJTIIGC8Y1R12"));
  BOOST_TEST(identifier("EI:SE-5567971433"));
  BOOST_TEST(!identifier("VATEE-"));
  BOOST_TEST(!identifier("VATee-1"));
  BOOST_TEST(!identifier("VAT-EE-1"));
  BOOST_TEST(!identifier("ABCEE-1"));
  BOOST_TEST(!identifier("EE123"));
  BOOST_TEST(warns("C=EE,O=a,CN=b", "organizationIdentifier"));
}

BOOST_AUTO_TEST_CASE(a_constant_template_has_no_placeholder) {
  BOOST_TEST(subject_template("CN=a").is_constant());
  BOOST_TEST(!subject_template("CN={n}").is_constant());
  BOOST_TEST(!subject_template("CN={key}").is_constant());
  BOOST_TEST(subject_template("CN=\\{n\\}").is_constant());
}

BOOST_AUTO_TEST_SUITE_END()
