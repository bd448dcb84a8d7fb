// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/seal_header.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "tests/crypto/seals/seal_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(seal_header_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

/// Of a seal with this header, over a short record.
seal_report report_on(const std::string& header) {
  const auto& maker = seal_maker::on(curve::p256);
  return check_seal(maker.compact(header, "a record"), maker.options());
}

std::string without(std::string text, std::string_view part) {
  const auto at = text.find(part);
  if (at == std::string::npos)
    throw std::invalid_argument("the test leaves out what is not there");
  return text.erase(at, part.size());
}

/// Whether rule 5 is broken, and the signature does not count, as RFC 7515 5.2
/// demands.
bool refuses_crit(const std::string& members, std::string_view part) {
  const auto report =
      report_on(seal_maker::on(curve::p256).header("," + members));
  return breaks_rule(report, 5, part) &&
         report.signature == seal_signature::invalid &&
         report.level == seal_level::none;
}

} // namespace

BOOST_AUTO_TEST_CASE(each_broken_rule_of_the_header_has_its_sentence) {
  const auto& maker = seal_maker::on(curve::p256);
  const auto good = maker.header();
  const auto iat = fmt::format(R"(,"iat":{})", maker.time());
  BOOST_TEST(to_text(report_on(good + " ").verdict) == "valid");
  BOOST_TEST(contains(failures_of(report_on("[" + good + "]")),
                      "1: the protected header is not a JSON object"));
  BOOST_TEST(breaks_rule(report_on(without(good, iat)), 2, "is missing"));
  for (const auto* const wrong : {"-1", "1.5", "1e9", "\"1\"", "null"})
    BOOST_TEST(breaks_rule(
        report_on(without(good, iat).insert(
            good.size() - iat.size() - 1, fmt::format(R"(,"iat":{})", wrong))),
        2, "whole number"));
  BOOST_TEST(
      breaks_rule(report_on(maker.header(R"(,"sigT":"2026")")), 2, "sigT"));
  BOOST_TEST(
      breaks_rule(report_on(maker.header(R"(,"x5t":"AA")")), 3, "SHA-1"));
  BOOST_TEST(breaks_rule(report_on(maker.header(R"(,"b64":1,"crit":["b64"])")),
                         6, "neither true nor false"));
  BOOST_TEST(breaks_rule(report_on(maker.header(R"(,"b64":true)")), 6, "crit"));
}

BOOST_AUTO_TEST_CASE(another_hash_may_refer_to_the_certificate) {
  const auto& maker = seal_maker::on(curve::p256);
  const auto digest = [&](const char* name) {
    return run(fmt::format("printf %s '{}' | openssl base64 -d -A | "
                           "openssl dgst -{} -binary | basenc -w0 --base64url "
                           "| tr -d =",
                           base64(text_of(maker.signer().der())), name));
  };
  const auto plain = without(
      maker.header(), fmt::format(R"("x5t#S256":"{}",)", digest("sha256")));
  const auto with = [&](const std::string& members) {
    return report_on(plain.substr(0, plain.size() - 1) + members + "}");
  };
  const auto other =
      fmt::format(R"({{"digAlg":"S512","digVal":"{}"}})", digest("sha512"));
  BOOST_TEST(to_text(with(R"(,"x5t#o":)" + other).verdict) == "valid");
  BOOST_TEST(to_text(with(R"(,"sigX5ts":[)" + other + "]").verdict) == "valid");
  const auto wrong =
      fmt::format(R"({{"digAlg":"S384","digVal":"{}"}})", digest("sha512"));
  const auto report = with(R"(,"x5t#o":)" + wrong);
  BOOST_TEST(breaks_rule(report, 3, "not to x5c[0]"));
  BOOST_TEST(to_text(report.certificate) == "mismatch");
  BOOST_TEST(breaks_rule(with(""), 3, "x5t#S256 is missing"));
}

BOOST_AUTO_TEST_CASE(critical_members_are_understood_or_refused) {
  BOOST_TEST(refuses_crit(R"("crit":["exp"],"exp":1)", "not understand"));
  BOOST_TEST(refuses_crit(R"("crit":["kid"],"kid":"a")", "RFC 7515"));
  BOOST_TEST(refuses_crit(R"("crit":["exp"])", "not in the header"));
  BOOST_TEST(refuses_crit(R"("crit":["b64","b64"],"b64":true)", "twice"));
  BOOST_TEST(refuses_crit(R"("crit":[1])", "not a text"));
  BOOST_TEST(refuses_crit(R"("crit":[])", "at least one"));
  BOOST_TEST(refuses_crit(R"("crit":"iat")", "at least one"));
  const auto& maker = seal_maker::on(curve::p256);
  BOOST_TEST(to_text(report_on(maker.header(R"(,"crit":["iat"])")).verdict) ==
             "valid");
  const auto unlisted = report_on(
      maker.header(R"(,"sigD":{"mId":"a","pars":["b"]},"crit":["iat"])"));
  BOOST_TEST(contains(failures_of(unlisted), "6: sigD is not listed in crit"));
}

BOOST_AUTO_TEST_CASE(one_reference_is_allowed) {
  const auto& maker = seal_maker::on(curve::p256);
  const auto second =
      maker.header(R"(,"x5t#o":{"digAlg":"S512","digVal":"AA"})");
  BOOST_TEST(contains(failures_of(report_on(second)), "3: more than one"));
}

BOOST_AUTO_TEST_CASE(each_certificate_is_issued_by_the_next) {
  const auto& maker = seal_maker::on(curve::p256);
  const std::vector roots(9, maker.root());
  BOOST_TEST(to_text(report_on(maker.header({}, roots)).verdict) == "valid");
  const std::vector many(10, maker.root());
  const auto report = report_on(maker.header({}, many));
  BOOST_TEST(breaks_rule(report, 4, "more than 10"));
  BOOST_TEST(to_text(report.certificate) == "malformed");
  const std::vector other{seal_maker::on(curve::p384).root()};
  BOOST_TEST(breaks_rule(report_on(maker.header({}, other)), 4,
                         "x5c[1] has not issued x5c[0]"));
}

BOOST_AUTO_TEST_CASE(the_algorithm_is_that_of_the_certificates_key) {
  const auto& maker = seal_maker::on(curve::p256);
  auto header = maker.header();
  header.replace(header.find("ES256"), 5, "ES384");
  const auto input = base64url_encode(bytes(header)) + ".AAAA";
  const auto report =
      check_seal(input + "." + std::string(128, 'A'), maker.options());
  BOOST_TEST(contains(failures_of(report), "certificate's key is of another"));
  BOOST_TEST(to_text(report.signature) == "invalid");
}

BOOST_AUTO_TEST_CASE(a_payload_with_padding_is_no_payload) {
  const auto& maker = seal_maker::on(curve::p256);
  const auto seal =
      maker.signed_text(base64url_encode(bytes(maker.header())) + ".AA==");
  const auto report = check_seal(seal, maker.options());
  BOOST_TEST(breaks_rule(report, 7, "the payload is not base64url"));
  BOOST_TEST(to_text(report.signature) == "invalid");
}

BOOST_AUTO_TEST_SUITE_END()
