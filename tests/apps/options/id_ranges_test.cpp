// SPDX-License-Identifier: Apache-2.0
#include "apps/options/id_ranges.hpp"

#include "apps/terminal/command_context.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(id_ranges_test)

using namespace chancery::apps;

namespace {

std::string ranges_of(const std::string& text) {
  std::string out;
  for (const auto& range : parse_id_ranges("--withdraw", text))
    out += std::to_string(range.first) + "-" + std::to_string(range.last) + " ";
  return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(ids_and_ranges_are_read) {
  BOOST_TEST(ranges_of("0") == "0-0 ");
  BOOST_TEST(ranges_of("7,100-199") == "7-7 100-199 ");
  BOOST_TEST(ranges_of("18446744073709551615") ==
             "18446744073709551615-18446744073709551615 ");
}

BOOST_AUTO_TEST_CASE(ranges_come_in_order_and_do_not_overlap) {
  BOOST_TEST(ranges_of("9,7") == "7-7 9-9 ");
  BOOST_TEST(ranges_of("9,7,8") == "7-9 ");
  BOOST_TEST(ranges_of("5-10,7-8,7,20") == "5-10 20-20 ");
  BOOST_TEST(ranges_of("0-18446744073709551615,18446744073709551615") ==
             "0-18446744073709551615 ");
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
  for (const std::string text :
       {"", ",", "7,", ",7", "7 ", "-7", "7-", "9-7", "7-8-9", "x", "0x7",
        "18446744073709551616", "7;8"})
    BOOST_CHECK_THROW(parse_id_ranges("--withdraw", text), usage_error);
}

BOOST_AUTO_TEST_SUITE_END()
