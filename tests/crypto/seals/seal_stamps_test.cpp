// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/seal_stamps.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/seals/seal_check.hpp"
#include "crypto/seals/seal_token.hpp"
#include "tests/crypto/seals/seal_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

BOOST_AUTO_TEST_SUITE(seal_stamps_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

const seal_maker& stamper() { return seal_maker::on(curve::p256); }

std::string stamped_seal() {
  static const auto seal = stamper().compact(stamper().header(), "a record");
  return seal;
}

/// Over the signature of stamped_seal.
std::string its_token() {
  static const auto token = stamper().token(signature_part(stamped_seal()));
  return token;
}

std::string sig_tst(std::string_view token) {
  return fmt::format(R"({{"sigTst":{{"tstTokens":[{{"val":"{}"}}]}}}})",
                     base64(token));
}

std::string etsi_u(const std::string& components) {
  return fmt::format(R"({{"etsiU":[{}]}})", components);
}

seal_report with_header(const std::string& unprotected) {
  auto options = stamper().options();
  return check_seal(flattened(stamped_seal(), unprotected), options);
}

/// Whether rule 8 fails, and nothing else, and the level stays.
bool refuses_stamp(const seal_report& report, std::string_view part) {
  const bool fits = report.failures.size() == 1 &&
                    report.failures.front().rule == 8 &&
                    contains(report.failures.front().sentence, part) &&
                    report.level == seal_level::b_b &&
                    report.verdict == seal_verdict::invalid;
  if (!fits)
    BOOST_TEST_MESSAGE(to_text(report.level) << "\n" << failures_of(report));
  return fits;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_token_proves_the_time) {
  const auto encoded =
      '"' + base64url_encode(bytes(sig_tst(its_token()))) + '"';
  for (const auto& component : {sig_tst(its_token()), encoded}) {
    const auto report = with_header(etsi_u(component));
    BOOST_TEST(to_text(report.verdict) == "valid", failures_of(report));
    BOOST_TEST(to_text(report.level) == "B-T");
    BOOST_REQUIRE(report.proven_at.has_value());
    BOOST_TEST(*report.proven_at >= stamper().signer().not_before());
    BOOST_TEST(*report.proven_at < stamper().signer().not_before() + 600);
    BOOST_TEST(report.judged_at == *report.proven_at);
  }
}

BOOST_AUTO_TEST_CASE(tokens_with_other_hashes_of_sha_2_are_taken) {
  for (const auto* const digest : {"sha384", "sha512"}) {
    const auto token = stamper().token(signature_part(stamped_seal()), digest);
    BOOST_TEST(to_text(with_header(etsi_u(sig_tst(token))).level) == "B-T");
  }
  const auto old = stamper().token(signature_part(stamped_seal()), "sha1");
  BOOST_TEST(refuses_stamp(with_header(etsi_u(sig_tst(old))), "SHA-256"));
}

BOOST_AUTO_TEST_CASE(the_signature_under_a_token_has_to_hold) {
  auto text = flattened(stamped_seal(), etsi_u(sig_tst(its_token())));
  const auto payload = text.find("payload\":\"") + 10;
  text[payload] = text[payload] == 'A' ? 'B' : 'A';
  const auto report = check_seal(text, stamper().options());
  BOOST_TEST(to_text(report.level) == "none");
  BOOST_TEST(!report.proven_at);
}

BOOST_AUTO_TEST_CASE(what_is_not_signed_has_one_form) {
  const auto good = sig_tst(its_token());
  BOOST_TEST(refuses_stamp(with_header("{}"), "etsiU"));
  BOOST_TEST(refuses_stamp(with_header("7"), "etsiU"));
  BOOST_TEST(refuses_stamp(with_header(R"({"kid":"a"})"), "etsiU"));
  BOOST_TEST(refuses_stamp(with_header(R"({"etsiU":[]})"), "components"));
  BOOST_TEST(refuses_stamp(with_header(etsi_u(good + ",\"AA\"")), "all"));
  BOOST_TEST(refuses_stamp(with_header(etsi_u("\"A A\"")), "base64url"));
  BOOST_TEST(refuses_stamp(with_header(etsi_u("\"AAAA\"")), "not valid JSON"));
  BOOST_TEST(refuses_stamp(with_header(etsi_u("{}")), "one member"));
  BOOST_TEST(refuses_stamp(
      with_header(etsi_u(R"({"sigTst":{"tstTokens":[]}})")), "one token"));
  BOOST_TEST(refuses_stamp(with_header(etsi_u(sig_tst("no token"))),
                           "it is no token"));
  std::string many;
  for (int i = 0; i < 33; ++i)
    many += (i > 0 ? ",{\"rVals\":1}" : "{\"rVals\":1}");
  BOOST_TEST(refuses_stamp(with_header(etsi_u(many)), "32 components"));
}

BOOST_AUTO_TEST_CASE(components_that_are_not_read_are_counted) {
  const auto report = with_header(
      etsi_u(sig_tst(its_token()) + R"(,{"rVals":1},{"xVals":[]})"));
  BOOST_TEST(to_text(report.level) == "B-T", failures_of(report));
  BOOST_TEST(contains(warnings_of(report), "not checked: 2"));
}

BOOST_AUTO_TEST_CASE(a_policys_store_needs_the_policys_digest) {
  const auto report = with_header(etsi_u(R"({"sigPSt":{}},{"sigPSt":{}})"));
  BOOST_TEST(failures_of(report) ==
             "9: sigPSt is there more than once\n"
             "9: sigPSt is there, but sigPId has no digest of a policy\n");
}

BOOST_AUTO_TEST_CASE(no_changed_byte_leaves_a_token_as_it_was) {
  const auto token = its_token();
  const auto stamped = signature_part(stamped_seal());
  const std::vector roots{stamper().root()};
  const auto good = check_token(bytes(token), stamped, roots);
  BOOST_TEST(good.fault == "");
  BOOST_TEST(good.is_trusted);
  // What is outside of the signed parts may change, such as the root that the
  // token brings along; but never the time.
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto changed = token;
    changed[i] = static_cast<char>(changed[i] ^ 0x04);
    const auto finding = check_token(bytes(changed), stamped, roots);
    BOOST_REQUIRE(!finding.fault.empty() || finding.time == good.time);
  }
}

BOOST_AUTO_TEST_CASE(a_token_of_another_text_is_refused) {
  const auto finding = check_token(bytes(its_token()), "another text", {});
  BOOST_TEST(contains(finding.fault, "something else"));
  const auto unknown =
      check_token(bytes(its_token()), signature_part(stamped_seal()), {});
  BOOST_TEST(unknown.fault == "");
  BOOST_TEST(!unknown.is_trusted);
  const auto longer =
      check_token(bytes(its_token() + "a"), signature_part(stamped_seal()), {});
  BOOST_TEST(contains(longer.fault, "no token"));
}

BOOST_AUTO_TEST_CASE(the_authoritys_certificate_is_valid_at_the_tokens_time) {
  const auto stamped = signature_part(stamped_seal());
  const std::vector roots{stamper().root()};
  const auto begin = stamper().signer().not_before();
  const auto good = stamper().token_at(stamped, begin + 3'600);
  BOOST_TEST(check_token(bytes(good), stamped, roots).fault == "");
  BOOST_TEST(check_token(bytes(good), stamped, roots).time == begin + 3'600);
  for (const auto time : {begin - 86'400, begin + 40 * 86'400}) {
    const auto wrong = stamper().token_at(stamped, time);
    BOOST_TEST(contains(check_token(bytes(wrong), stamped, roots).fault,
                        "valid at its time"));
  }
}

BOOST_AUTO_TEST_CASE(a_token_behind_the_signers_end_proves_nothing) {
  seal_header header;
  header.chain = {stamper().ended()};
  rule_failures failures;
  std::vector<std::string> warnings;
  const std::vector roots{stamper().root()};
  const auto found =
      check_stamps(etsi_u(sig_tst(its_token())), signature_part(stamped_seal()),
                   header, roots, failures, warnings);
  BOOST_TEST(!found.has_token);
  BOOST_TEST(!found.proven_at);
  BOOST_REQUIRE(failures.size() == 1u);
  BOOST_TEST(contains(failures.front().sentence, "after the end"));
}

BOOST_AUTO_TEST_SUITE_END()
