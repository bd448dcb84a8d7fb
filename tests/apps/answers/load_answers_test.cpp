// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/load_answers.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

BOOST_AUTO_TEST_SUITE(load_answers_test)

using namespace chancery;

namespace {

actors::client_load_result some_result() {
  actors::client_load_result r;
  r.sent = 1'200;
  r.accepted = 1'000;
  r.refused = 150;
  r.unsent = 30;
  r.again = 7;
  r.failures = 2;
  r.latency_ms_p50 = 1.25;
  r.latency_ms_p99 = 20;
  r.latency_ms_max = 99.96;
  r.seconds = 4;
  r.stopped = true;
  return r;
}

} // namespace

BOOST_AUTO_TEST_CASE(json_has_every_figure_under_its_name) {
  const crypto::key_id node{};
  BOOST_TEST(apps::load_json(node, some_result()).dump() ==
             R"({"node":")" + crypto::to_text(node) +
                 R"(","sent":1200,"accepted":1000,"refused":150,)"
                 R"("unconfirmed":50,"unsent":30,"again":7,)"
                 R"("failures":2,"latency_ms_p50":1.25,"latency_ms_p99":20.0,)"
                 R"("latency_ms_max":99.96,"messages_per_second":250.0,)"
                 R"("seconds":4.0,"stopped":true,"given_up":false})");
}

BOOST_AUTO_TEST_CASE(people_read_a_line_for_each_figure) {
  const auto text = apps::load_text(3, {}, some_result());
  BOOST_TEST(text.starts_with("3 clients sent 1,200 messages to node "));
  for (const auto* part :
       {"1,000", "150", "50, and 30 not sent", "latency p50", "1.2 ms",
        "latency p99", "20.0 ms", "latency max", "100.0 ms", "250.0"})
    BOOST_TEST(text.find(part) != text.npos, part);
}

BOOST_AUTO_TEST_SUITE_END()
