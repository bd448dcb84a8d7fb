// SPDX-License-Identifier: Apache-2.0
#include "apps/records/csv_row.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(csv_row_test)

using namespace chancery::apps;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

using texts = std::vector<std::string>;

/// The fields of a row; NULL is written as (null).
texts fields_of(std::initializer_list<std::string_view> lines) {
  csv_row row;
  std::size_t given = 0;
  for (const auto line : lines)
    BOOST_TEST(row.add_line(line) == (++given == lines.size()));
  texts fields;
  for (const auto& field : row.fields())
    fields.push_back(field.null ? "(null)" : field.text);
  return fields;
}

std::string refusal(std::string_view line) {
  csv_row row;
  try {
    row.add_line(line);
  } catch (const std::invalid_argument& e) {
    BOOST_TEST(row.fields().empty());
    return e.what();
  }
  return {};
}

} // namespace

BOOST_AUTO_TEST_CASE(fields_are_separated_by_commas) {
  BOOST_TEST(fields_of({"a,b c,d"}) == (texts{"a", "b c", "d"}));
  BOOST_TEST(fields_of({" a ,\tb"}) == (texts{" a ", "\tb"}));
  BOOST_TEST(fields_of({"a;b"}) == (texts{"a;b"}));
  BOOST_TEST(fields_of({"a\0b,c"sv}) == (texts{"a\0b"s, "c"}));
}

BOOST_AUTO_TEST_CASE(an_empty_field_is_null_unless_it_has_quotes) {
  BOOST_TEST(fields_of({""}) == (texts{"(null)"}));
  BOOST_TEST(fields_of({","}) == (texts{"(null)", "(null)"}));
  BOOST_TEST(fields_of({"\"\",,\"\""}) == (texts{"", "(null)", ""}));
  BOOST_TEST(fields_of({"\"\"\r"}) == (texts{""}));
}

BOOST_AUTO_TEST_CASE(quotes_hide_commas_quotes_and_line_ends) {
  BOOST_TEST(fields_of({R"("a,b","c""d","""",x)"}) ==
             (texts{"a,b", "c\"d", "\"", "x"}));
  BOOST_TEST(fields_of({"\"a", "b\",\"c\r", "", "d\"\r"}) ==
             (texts{"a\nb", "c\r\n\nd"}));
  BOOST_TEST(fields_of({"\"", "\""}) == (texts{"\n"}));
  BOOST_TEST(fields_of({"\"\"\"", "\"\"\""}) == (texts{"\"\n\""}));
}

BOOST_AUTO_TEST_CASE(a_line_may_end_with_a_carriage_return) {
  BOOST_TEST(fields_of({"a,b\r"}) == (texts{"a", "b"}));
  BOOST_TEST(fields_of({"a,\r"}) == (texts{"a", "(null)"}));
  BOOST_TEST(fields_of({"\r"}) == (texts{"(null)"}));
}

BOOST_AUTO_TEST_CASE(the_row_as_it_stands_has_no_line_end) {
  csv_row row;
  row.add_line("a,\"b,\"\"c\"\r");
  BOOST_TEST(row.bytes() == "a,\"b,\"\"c\"");
  row.clear();
  BOOST_TEST(row.bytes().empty());
  BOOST_TEST(row.fields().empty());
  BOOST_TEST(!row.add_line("1,\"x\r"));
  BOOST_TEST(row.add_line("y\"\r"));
  BOOST_TEST(row.bytes() == "1,\"x\r\ny\"");
}

BOOST_AUTO_TEST_CASE(what_other_readers_would_guess_at_is_refused) {
  BOOST_TEST(refusal("a\"b\"") == "has a quote within a field without quotes");
  BOOST_TEST(refusal("a,b\"") == "has a quote within a field without quotes");
  BOOST_TEST(refusal("\"a\"b") == "has text behind the quotes of a field");
  BOOST_TEST(refusal("\"a\" ,b") == "has text behind the quotes of a field");
  BOOST_TEST(refusal("\"a\"\rb") == "has text behind the quotes of a field");
  BOOST_TEST(refusal("a\rb") ==
             "has a carriage return within a field without quotes");
  BOOST_TEST(refusal("a\r,b") ==
             "has a carriage return within a field without quotes");
}

BOOST_AUTO_TEST_CASE(a_row_is_good_after_a_bad_one) {
  csv_row row;
  BOOST_TEST(!row.add_line("\"open"));
  BOOST_CHECK_THROW(row.add_line("x\"y"), std::invalid_argument);
  BOOST_TEST(row.add_line("a,b"));
  BOOST_TEST(row.fields().size() == 2U);
  BOOST_TEST(row.bytes() == "a,b");
}

BOOST_AUTO_TEST_SUITE_END()
