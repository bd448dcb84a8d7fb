// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/seal_answers.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

BOOST_AUTO_TEST_SUITE(seal_answers_test)

using namespace chancery;
using namespace chancery::apps;

namespace {

crypto::seal_report broken_report() {
  crypto::seal_report report;
  report.signature = crypto::seal_signature::valid;
  report.level = crypto::seal_level::b_t;
  report.certificate = crypto::seal_certificate::not_yet_valid;
  report.signed_at = 0;
  report.proven_at = report.judged_at = 86'399;
  report.record = "a record";
  report.failures = {{12, "it is not valid yet"}};
  report.warnings = {"no list"};
  return report;
}

} // namespace

BOOST_AUTO_TEST_CASE(seconds_are_shown_of_any_year) {
  BOOST_TEST(seconds_text(0) == "1970-01-01T00:00:00Z");
  BOOST_TEST(seconds_text(-1) == "1969-12-31T23:59:59Z");
  BOOST_TEST(seconds_text(-631'152'000) == "1950-01-01T00:00:00Z");
  BOOST_TEST(seconds_text(1'795'824'000) == "2026-11-28T00:00:00Z");
  BOOST_TEST(seconds_text(253'402'300'799) == "9999-12-31T23:59:59Z");
}

BOOST_AUTO_TEST_CASE(a_report_is_an_object) {
  BOOST_TEST(seal_json(broken_report()).dump() ==
             R"({"verdict":"invalid","signature":"valid","level":"B-T",)"
             R"("certificate":"not_yet_valid","signer":null,)"
             R"("signed_at":"1970-01-01T00:00:00Z",)"
             R"("proven_at":"1970-01-01T23:59:59Z",)"
             R"("judged_at":"1970-01-01T23:59:59Z","record_size":8,)"
             R"("failures":[{"rule":12,"sentence":"it is not valid yet"}],)"
             R"("warnings":["no list"]})");
  const auto empty = seal_json({});
  BOOST_TEST(empty["signed_at"].is_null());
  BOOST_TEST(empty["record_size"].is_null());
  BOOST_TEST(empty["failures"].dump() == "[]");
  BOOST_TEST(empty["warnings"].dump() == "[]");
}

BOOST_AUTO_TEST_CASE(people_read_lines) {
  BOOST_TEST(seal_lines("a.jws", broken_report()) ==
             "a.jws: invalid\n"
             "  signature    valid\n"
             "  level        B-T\n"
             "  certificate  not_yet_valid\n"
             "  signed at    1970-01-01T00:00:00Z, as the signer claims\n"
             "  proven at    1970-01-01T23:59:59Z, by a token\n"
             "  judged at    1970-01-01T23:59:59Z, the time of the token\n"
             "  record       8 bytes\n"
             "  rule 12      it is not valid yet\n"
             "  warning      no list");
}

BOOST_AUTO_TEST_SUITE_END()
