// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/chain_report_answers.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

BOOST_AUTO_TEST_SUITE(chain_report_answers_test)

using namespace chancery;

namespace {

actors::chain_report report_of(std::uint64_t violations, bool passed) {
  actors::chain_report report;
  report.blocks = 6;
  report.messages = 1'234;
  report.pending = 34;
  report.clients = 10;
  report.rules.push_back({.name = "blocks_linked",
                          .sentence = "every header names the one before it",
                          .checked = 6,
                          .violations = 0,
                          .first_violation = ""});
  report.rules.push_back({.name = "roots_match",
                          .sentence = "every root is that of its messages",
                          .checked = 1'200,
                          .violations = violations,
                          .first_violation = violations > 0 ? "block 3" : ""});
  report.passed = passed;
  return report;
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const crypto::key_id node{};

} // namespace

BOOST_AUTO_TEST_CASE(a_chain_that_holds_is_said_to_and_with_what_is_not_seen) {
  const auto text = apps::chain_report_text(report_of(0, true), node);
  BOOST_TEST(says(text, "✓ every root is that of its messages (1,200)\n"));
  BOOST_TEST(
      says(text, "6 blocks, 1,234 messages (34 not yet in a block), 10 "));
  BOOST_TEST(says(text, "What this cannot see:\n  - whether the same node"));
  BOOST_TEST(
      text.ends_with("The chain of node " + crypto::to_text(node) + " holds."));
  const auto object = apps::chain_report_json(report_of(0, true), node);
  BOOST_TEST(object["passed"] == true);
  BOOST_TEST(object["stopped"] == false);
  BOOST_TEST(object["rules"][1]["first_violation"].is_null());
}

BOOST_AUTO_TEST_CASE(a_broken_rule_has_its_mark_and_its_first_place) {
  const auto text = apps::chain_report_text(report_of(2, false), node);
  BOOST_TEST(says(text, "✓ every header"));
  BOOST_TEST(says(text, "✗ every root is that of its messages (1,200)\n"
                        "    broken 2 times; first: block 3\n"));
  BOOST_TEST(text.ends_with("The chain is broken."));
  const auto object = apps::chain_report_json(report_of(2, false), node);
  BOOST_TEST(object["passed"] == false);
  BOOST_TEST(object["stopped"] == false);
  BOOST_TEST(object["rules"][1]["rule"] == "roots_match");
  BOOST_TEST(object["rules"][1]["violations"] == 2);
  BOOST_TEST(object["rules"][1]["first_violation"] == "block 3");
}

BOOST_AUTO_TEST_CASE(a_walk_that_was_stopped_is_not_called_broken) {
  BOOST_TEST(apps::chain_report_text(report_of(0, false), node)
                 .ends_with("The chain was not checked to its end."));
  BOOST_TEST(apps::chain_report_json(report_of(0, false), node)["stopped"] ==
             true);
}

BOOST_AUTO_TEST_SUITE_END()
