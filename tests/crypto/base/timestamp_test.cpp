// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/timestamp.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(timestamp_test)

using namespace chancery::crypto;

namespace {

constexpr std::uint64_t last_ms = 253'402'300'799'999;

struct moment {
  const char* text;
  std::uint64_t ms;
};

} // namespace

BOOST_AUTO_TEST_CASE(times_are_written_as_the_date_command_says) {
  for (const auto& [text, ms] :
       {moment{"1970-01-01T00:00:00.000Z", 0},
        moment{"2000-02-29T23:59:59.001Z", 951'868'799'001},
        moment{"2024-02-29T12:34:56.078Z", 1'709'210'096'078},
        moment{"2026-01-01T00:00:00.900Z", 1'767'225'600'900},
        moment{"2100-03-01T00:00:00.000Z", 4'107'542'400'000},
        moment{"9999-12-31T23:59:59.999Z", last_ms}}) {
    BOOST_TEST(to_rfc3339(ms) == text);
    BOOST_TEST(time_from_rfc3339(text).value() == ms);
  }
}

BOOST_AUTO_TEST_CASE(times_that_no_clock_should_show_are_words) {
  constexpr std::uint64_t from = 1'577'836'800'000;
  constexpr std::uint64_t end = 7'258'118'400'000;
  for (const auto ms : {from, end - 1}) {
    BOOST_TEST(is_plausible_time(ms));
    BOOST_TEST(time_in_words(ms) == to_rfc3339(ms));
  }
  for (const auto& [text, ms] : {moment{"1970-01-01T00:00:00.000Z", 0},
                                 moment{"2019-12-31T23:59:59.999Z", from - 1},
                                 moment{"2200-01-01T00:00:00.000Z", end},
                                 moment{"9999-12-31T23:59:59.999Z", last_ms},
                                 moment{"after the year 9999", last_ms + 1},
                                 moment{"after the year 9999", UINT64_MAX / 2},
                                 moment{"before 1970", UINT64_MAX}}) {
    BOOST_TEST(!is_plausible_time(ms));
    BOOST_TEST(time_in_words(ms) ==
               std::string("an implausible time, ") + text);
  }
}

BOOST_AUTO_TEST_CASE(no_year_has_five_digits) {
  BOOST_CHECK_THROW((void)to_rfc3339(last_ms + 1), std::invalid_argument);
  BOOST_CHECK_THROW((void)to_rfc3339(~std::uint64_t{0}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(every_day_of_four_centuries_comes_back) {
  constexpr std::uint64_t day_ms = 86'400'000;
  for (std::uint64_t ms = 0; ms < 146'097 * day_ms; ms += day_ms)
    BOOST_REQUIRE(time_from_rfc3339(to_rfc3339(ms)) == ms);
  BOOST_TEST(to_rfc3339(146'097 * day_ms) == "2370-01-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(a_fraction_is_cut_to_milliseconds) {
  for (const auto& [text, ms] :
       {moment{"1970-01-01T00:00:01Z", 1000},
        moment{"1970-01-01T00:00:01.5Z", 1500},
        moment{"1970-01-01T00:00:01.05Z", 1050},
        moment{"1970-01-01T00:00:01.005Z", 1005},
        moment{"1970-01-01T00:00:01.0059Z", 1005},
        moment{"1970-01-01T00:00:01.999999999Z", 1999}})
    BOOST_TEST(time_from_rfc3339(text).value() == ms, text);
}

BOOST_AUTO_TEST_CASE(a_leap_second_counts_as_the_second_after) {
  // RFC 3339 section 5.8.
  BOOST_TEST(time_from_rfc3339("1990-12-31T23:59:60Z").value() ==
             time_from_rfc3339("1991-01-01T00:00:00Z").value());
  BOOST_TEST(time_from_rfc3339("2016-12-31T23:59:60.25Z").value() ==
             1'483'228'800'250);
  for (const auto* text : {"1990-12-31T15:59:60Z", "1990-12-31T23:58:60Z",
                           "1990-12-31T23:59:61Z", "9999-12-31T23:59:60Z"})
    BOOST_TEST(!time_from_rfc3339(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(days_that_do_not_exist_are_refused) {
  for (const auto* text :
       {"2026-00-01", "2026-13-01", "2026-01-00", "2026-01-32", "2026-02-29",
        "2100-02-29", "2024-02-30", "2026-04-31", "1969-12-31", "0000-01-01"})
    BOOST_TEST(!time_from_rfc3339(std::string(text) + "T00:00:00Z").has_value(),
               text);
}

BOOST_AUTO_TEST_CASE(other_forms_of_a_time_are_refused) {
  using namespace std::string_view_literals;
  for (const auto text : {""sv,
                          "Z"sv,
                          "2026-01-01"sv,
                          "2026-01-01T00:00:00"sv,
                          "2026-01-01T00:00Z"sv,
                          "2026-01-01 00:00:00Z"sv,
                          "2026-01-01t00:00:00Z"sv,
                          "2026-01-01T00:00:00z"sv,
                          "2026-01-01T00:00:00+00:00"sv,
                          "2026-01-01T01:00:00+01:00"sv,
                          "2026-01-01T24:00:00Z"sv,
                          "2026-01-01T00:60:00Z"sv,
                          "2026-01-01T00:00:00.Z"sv,
                          "2026-01-01T00:00:00.1234567890Z"sv,
                          "2026-01-01T00:00:00,5Z"sv,
                          "2026-01-01T00:00:00.5"sv,
                          "2026-01-01T00:00:00ZZ"sv,
                          " 2026-01-01T00:00:00Z"sv,
                          "2026-01-01T00:00:00Z\n"sv,
                          "2026-01-01T00:00:00Z\0"sv,
                          "2026-1-01T00:00:00Z"sv,
                          "26-01-01T00:00:00Z"sv,
                          "+026-01-01T00:00:00Z"sv,
                          "-026-01-01T00:00:00Z"sv,
                          "2026-01-01T-1:00:00Z"sv,
                          "2026-01-01T00:00:+1Z"sv,
                          "20260101T000000Z"sv,
                          "10000-01-01T00:00:00Z"sv,
                          "2026-01-01T00:00:00.5.5Z"sv,
                          "\xd9\xa2"
                          "026-01-01T00:00:00Z"sv})
    BOOST_TEST(!time_from_rfc3339(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
