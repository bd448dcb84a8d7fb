// SPDX-License-Identifier: Apache-2.0
#include "apps/terminal/progress_line.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(progress_line_test)

using namespace chancery::apps;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(the_line_tells_done_total_rate_time_left_and_keys_out) {
  const progress_sample sample{.done = 45'300,
                               .total = 100'000,
                               .keys_out = progress_sample::keys{16, 100}};
  BOOST_TEST(progress_text("signing", sample, 51'234.5) ==
             "signing: 45,300 of 100,000 (45.3%), 51,234/s, 2 s left, "
             "16 of 100 keys out");
}

BOOST_AUTO_TEST_CASE(other_figures_stand_at_the_end) {
  BOOST_TEST(progress_text("accepted", {.done = 7, .more = "2 blocks"}, 1) ==
             "accepted: 7, 1/s, 2 blocks");
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_left_out) {
  BOOST_TEST(progress_text("importing", {.done = 7, .total = 0}, 0) ==
             "importing: 7, 0/s");
  BOOST_TEST(progress_text("signing", {.done = 0, .total = 10}, 0) ==
             "signing: 0 of 10 (0.0%), 0/s");
  BOOST_TEST(progress_text("signing", {.done = 10, .total = 10}, 5) ==
             "signing: 10 of 10 (100.0%), 5/s");
  // records may be appended meanwhile
  BOOST_TEST(progress_text("signing", {.done = 11, .total = 10}, 5) ==
             "signing: 11 of 10 (110.0%), 5/s");
}

BOOST_AUTO_TEST_CASE(the_rate_is_that_of_the_last_seconds) {
  recent_rate rate;
  const recent_rate::time_point start{};
  BOOST_TEST(rate.per_second() == 0);
  rate.add(start, 0);
  BOOST_TEST(rate.per_second() == 0);
  for (int second = 1; second <= 100; ++second)
    rate.add(start + second * 1s, static_cast<std::uint64_t>(second) * 10);
  BOOST_TEST(rate.per_second() == 10, boost::test_tools::tolerance(1e-9));
  for (int second = 1; second <= 6; ++second)
    rate.add(start + (100 + second) * 1s, 1000);
  BOOST_TEST(rate.per_second() == 0);
}

BOOST_AUTO_TEST_CASE(counters_that_fall_do_not_make_a_rate) {
  recent_rate rate;
  rate.add(recent_rate::time_point{}, 10);
  rate.add(recent_rate::time_point{} + 1s, 5);
  BOOST_TEST(rate.per_second() == 0);
}

BOOST_AUTO_TEST_CASE(a_log_gets_a_line_every_few_seconds_and_none_twice) {
  const log_pace::time_point start{};
  log_pace pace(start);
  BOOST_TEST(!pace.wants(start + 4s, "signed: 1"));
  BOOST_TEST(pace.wants(start + 5s, "signed: 1"));
  BOOST_TEST(!pace.wants(start + 6s, "signed: 2"));
  BOOST_TEST(pace.wants(start + 10s, "signed: 2"));
  for (int seconds = 11; seconds < 1000; ++seconds)
    BOOST_TEST(!pace.wants(start + seconds * 1s, "signed: 2"));
  BOOST_TEST(pace.wants(start + 1000s, "signed: 3"));
}

BOOST_AUTO_TEST_CASE(a_line_that_lives_briefly_ends_without_a_wait) {
  const auto begin = std::chrono::steady_clock::now();
  {
    const chancery::apps::progress_line line(
        "testing", [] { return progress_sample{.done = 1, .total = 2}; });
  }
  BOOST_TEST((std::chrono::steady_clock::now() - begin < 5s));
}

BOOST_AUTO_TEST_SUITE_END()
