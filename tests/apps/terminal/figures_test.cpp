// SPDX-License-Identifier: Apache-2.0
#include "apps/terminal/figures.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(figures_test)

using namespace chancery::apps;

BOOST_AUTO_TEST_CASE(a_number_is_decimal_digits_and_nothing_else) {
  BOOST_TEST(parse_number("0").value() == 0U);
  BOOST_TEST(parse_number("010").value() == 10U); // not octal
  BOOST_TEST(parse_number("18446744073709551615").value() == UINT64_MAX);
  for (const char* wrong : {"", "-1", "+1", " 1", "1 ", "1k", "0x10", "abc",
                            "1.5", "18446744073709551616"})
    BOOST_TEST(!parse_number(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(a_decimal_has_digits_and_maybe_a_fraction) {
  BOOST_TEST(parse_decimal("0").value() == 0);
  BOOST_TEST(parse_decimal("60").value() == 60);
  BOOST_TEST(parse_decimal("0.5").value() == 0.5);
  BOOST_TEST(parse_decimal("010.25").value() == 10.25);
  for (const char* wrong : {"", "-1", "+1", " 1", "1 ", "1e3", "0x10", "inf",
                            "nan", ".5", "1,5", "1.2.3"})
    BOOST_TEST(!parse_decimal(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(a_size_has_an_optional_suffix_of_1024s) {
  BOOST_TEST(parse_size("0").value() == 0U);
  BOOST_TEST(parse_size("4096").value() == 4096U);
  BOOST_TEST(parse_size("1K").value() == 1024U);
  BOOST_TEST(parse_size("3m").value() == 3U * 1024 * 1024);
  BOOST_TEST(parse_size("2G").value() == std::uint64_t{2} << 30);
  BOOST_TEST(parse_size("1t").value() == std::uint64_t{1} << 40);
  BOOST_TEST(parse_size("16777215T").value() == std::uint64_t{16777215} << 40);
  for (const char* wrong :
       {"", "K", "-1K", "1KB", "1 K", "1P", "16777216T", "1.5G", "\x0b"})
    BOOST_TEST(!parse_size(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(thousands_are_grouped) {
  BOOST_TEST(grouped(0) == "0");
  BOOST_TEST(grouped(999) == "999");
  BOOST_TEST(grouped(1000) == "1,000");
  BOOST_TEST(grouped(123456) == "123,456");
  BOOST_TEST(grouped(UINT64_MAX) == "18,446,744,073,709,551,615");
}

BOOST_AUTO_TEST_CASE(sizes_and_durations_read_well) {
  BOOST_TEST(size_text(1023) == "1023 bytes");
  BOOST_TEST(size_text(1536) == "1.5 KiB");
  BOOST_TEST(size_text((std::uint64_t{1} << 20) - 1) == "1.0 MiB");
  BOOST_TEST(size_text(std::uint64_t{5} << 40) == "5.0 TiB");
  BOOST_TEST(size_text(std::uint64_t{5} << 52) == "20480.0 TiB");
  BOOST_TEST(duration_text(0) == "0 s");
  BOOST_TEST(duration_text(0.2) == "1 s");
  BOOST_TEST(duration_text(61) == "1 min 1 s");
  BOOST_TEST(duration_text(7500) == "2 h 5 min");
  BOOST_TEST(duration_text(-1) == "unknown");
  BOOST_TEST(duration_text(1e300) == "unknown");
}

BOOST_AUTO_TEST_CASE(times_are_rfc_3339_in_utc) {
  BOOST_TEST(time_text(1'709'210'096'078) == "2024-02-29T12:34:56.078Z");
  BOOST_TEST(time_text(0) == "an implausible time, 1970-01-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(a_rate_over_no_time_is_zero) {
  BOOST_TEST(per_second(10, 0) == 0);
  BOOST_TEST(per_second(10, 4) == 2.5);
}

BOOST_AUTO_TEST_SUITE_END()
