// SPDX-License-Identifier: Apache-2.0
#include "apps/records/tsv_row.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(tsv_row_test)

using namespace chancery::apps;
using namespace std::string_literals;

namespace {

using texts = std::vector<std::string>;

/// The fields of a row; NULL is written as (null).
texts fields_of(std::string_view line) {
  tsv_row row;
  BOOST_TEST(row.add_line(line));
  texts fields;
  for (const auto& field : row.fields())
    fields.push_back(field.null ? "(null)" : field.text);
  return fields;
}

} // namespace

BOOST_AUTO_TEST_CASE(fields_are_separated_by_tabs) {
  BOOST_TEST(fields_of("a\tb c\t\"d,\"") == (texts{"a", "b c", "\"d,\""}));
  BOOST_TEST(fields_of("") == (texts{""}));
  BOOST_TEST(fields_of("\t") == (texts{"", ""}));
  BOOST_TEST(fields_of("a\tb\r") == (texts{"a", "b"}));
}

BOOST_AUTO_TEST_CASE(null_is_a_backslash_and_n_alone) {
  BOOST_TEST(fields_of("\\N\ta\t\\N\r") == (texts{"(null)", "a", "(null)"}));
  BOOST_TEST(fields_of("\\\\N\t\\Na\ta\\N") == (texts{"\\N", "Na", "aN"}));
}

// The escapes of PostgreSQL's table for COPY.
BOOST_AUTO_TEST_CASE(escapes_mean_what_postgresql_says) {
  BOOST_TEST(fields_of("\\b\\f\\n\\r\\t\\v\\\\") == (texts{"\b\f\n\r\t\v\\"}));
  BOOST_TEST(fields_of("\\0\\7\\101\\1018\\18") == (texts{"\0\7AA8\1"s + "8"}));
  BOOST_TEST(fields_of("\\x41\\x4G\\x414\\xg\\x") == (texts{"A\4GA4xgx"s}));
  BOOST_TEST(fields_of("\\a\\\"\\.\\\xc3\xa4") == (texts{"a\".\xc3\xa4"}));
  BOOST_TEST(fields_of("\\777") == (texts{"\xff"}));
  BOOST_TEST(fields_of("\\\\x6162") == (texts{"\\x6162"}));
}

BOOST_AUTO_TEST_CASE(a_backslash_at_the_end_is_refused) {
  tsv_row row;
  for (const char* line : {"\\", "a\\", "a\\\tb", "a\\\r"})
    BOOST_CHECK_THROW(row.add_line(line), std::invalid_argument);
  BOOST_TEST(row.fields().empty());
  BOOST_TEST(row.add_line("a\tb"));
  BOOST_TEST(row.fields().size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_row_as_it_stands_keeps_its_escapes) {
  tsv_row row;
  row.add_line("a\\tb\t\\N\r");
  BOOST_TEST(row.bytes() == "a\\tb\t\\N");
}

BOOST_AUTO_TEST_CASE(an_older_table_ends_with_a_line_of_its_own) {
  BOOST_TEST(ends_tsv("\\."));
  BOOST_TEST(ends_tsv("\\.\r"));
  for (const char* other : {"", ".", "\\.a", "\\\\.", "\\N"})
    BOOST_TEST(!ends_tsv(other));
}

BOOST_AUTO_TEST_SUITE_END()
