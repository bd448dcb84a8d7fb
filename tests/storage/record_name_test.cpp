// SPDX-License-Identifier: Apache-2.0
#include "storage/record_name.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(record_name_test)

using chancery::storage::name_fault;

BOOST_AUTO_TEST_CASE(what_people_call_their_records_is_a_name) {
  for (const std::string_view name :
       {"7", "INV-2026/000017", "a b",
        "Stra\xc3\x9f"
        "e 1",
        "\xd7\x90\xd7\x91", "\xe8\xab\x8b\xe6\xb1\x82\xe6\x9b\xb8",
        "\xf0\x9f\x93\x84", "..", "-x", "\\N", "\"", "'"})
    BOOST_TEST(name_fault(name) == "", name);
  BOOST_TEST(name_fault(std::string(255, 'x')) == "");
}

BOOST_AUTO_TEST_CASE(what_nobody_sees_or_types_is_none) {
  BOOST_TEST(name_fault("") == "is empty");
  BOOST_TEST(name_fault(std::string(256, 'x')) == "is longer than 255 bytes");
  for (const std::string_view bad :
       {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "a\xc3",
        "\xf4\x90\x80\x80", "\xf5", "\xff", "\xe2\x82", "\xc1\x81"})
    BOOST_TEST(name_fault(bad) == "is not UTF-8", bad);
  using namespace std::string_view_literals;
  for (const auto bad :
       {"a\nb"sv, "\t"sv, "\x7f"sv, "\xc2\x80"sv, "a\0"sv, "\xc2\x9f"sv})
    BOOST_TEST(name_fault(bad) == "has a control character");
  for (const std::string_view bad :
       {"\xc2\xad", "\xd8\x9c", "a\xe2\x80\x8b", "\xe2\x80\x8f", "\xe2\x80\xa8",
        "\xe2\x80\xae"
        "7",
        "\xe2\x81\xa6", "\xe2\x81\xaf",
        "\xef\xbb\xbf"
        "7",
        "\xef\xb8\x8f", "\xf3\xa0\x80\xa0", "\xf3\xa0\xbf\xbf"})
    BOOST_TEST(name_fault(bad) == "has an invisible character", bad);
  for (const std::string_view bad : {" a", "a ", " ",
                                     "\xc2\xa0"
                                     "a",
                                     "a\xe3\x80\x80", "\xe2\x80\x8a"})
    BOOST_TEST(name_fault(bad) == "begins or ends with a blank", bad);
}

// The neighbours of each range are names.
BOOST_AUTO_TEST_CASE(no_more_is_invisible_than_that) {
  for (const std::string_view good :
       {"\xc2\xac", "\xc2\xae", "\xcd\x8e", "\xcd\x90", "\xe2\x80\x90",
        "\xe2\x80\xa7", "\xe2\x81\xb0", "\xef\xbb\xbe", "\xef\xb7\xbf",
        "\xf4\x8f\xbf\xbf"})
    BOOST_TEST(name_fault(good) == "", good);
}

BOOST_AUTO_TEST_SUITE_END()
