// SPDX-License-Identifier: Apache-2.0
#include "apps/records/table_source.hpp"

#include "storage/record_store.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace table_source_ {

using namespace chancery;
using namespace chancery::apps;

namespace {

struct fixture {
  std::unique_ptr<import_source> source(std::string_view text,
                                        import_form form) {
    std::ofstream(path, std::ios::binary) << text;
    return std::make_unique<table_source>(path, form, stop);
  }

  /// The error text of the constructor.
  std::string opening(std::string_view text, const import_form& form) {
    try {
      source(text, form);
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return {};
  }

  tests::temp_folder folder;
  std::filesystem::path path = folder.path() / "table";
  std::atomic<bool> stop{false};
};

import_form csv(std::string name, std::string record = {},
                record_encoding encoding = record_encoding::text) {
  return {import_format::csv, {}, std::move(name), std::move(record), encoding};
}

import_form tsv(std::string name, std::string record = {}) {
  return {import_format::tsv, {}, std::move(name), std::move(record)};
}

/// "name=record" of the next row; its error text; "end".
std::string next(import_source& source) {
  try {
    const auto item = source.next();
    if (!item)
      return "end";
    return std::string(item->name.value_or("(none)")) + "=" +
           std::string(item->record);
  } catch (const bad_input& e) {
    return e.what();
  }
}

} // namespace

} // namespace table_source_

BOOST_FIXTURE_TEST_SUITE(table_source_, fixture)

BOOST_AUTO_TEST_CASE(columns_are_found_by_their_names) {
  const auto s = source("\xef\xbb\xbfid,body,number\r\n1,one,INV-1\r\n\r\n"
                        "2,\"t\r\nwo\",INV-2\r\n",
                        csv("number", "body"));
  BOOST_TEST(next(*s) == "INV-1=one");
  BOOST_TEST(s->place() == "line 2");
  BOOST_TEST(next(*s) == "INV-2=t\r\nwo");
  BOOST_TEST(s->place() == "line 4");
  BOOST_TEST(next(*s) == "end");
  BOOST_TEST(s->blank_lines() == 1U);
}

BOOST_AUTO_TEST_CASE(without_a_record_column_the_row_is_the_record) {
  const auto s = source("a,b\nx,\"y\n\"\"z\"\r\n,\n", csv("a"));
  BOOST_TEST(next(*s) == "x=x,\"y\n\"\"z\"");
  BOOST_TEST(next(*s) == "line 4 has no value in column a (an empty text is "
                         "written as \"\")");
  const auto unnamed = source("a\n\n1\n", csv({}));
  BOOST_TEST(next(*unnamed) == "(none)="); // a row of one NULL
  BOOST_TEST(next(*unnamed) == "(none)=1");
  BOOST_TEST(next(*unnamed) == "end");
}

BOOST_AUTO_TEST_CASE(null_is_no_empty_record) {
  const auto s = source("n,r\na,\nb,\"\"\n\"\",x\n", csv("n", "r"));
  BOOST_TEST(next(*s).starts_with("line 2 has no value in column r"));
  BOOST_TEST(next(*s) == "b=");
  BOOST_TEST(next(*s) == "line 4: the name is empty");
  const auto t = source("n\tr\na\t\\N\nb\t\n\\N\tx\n", tsv("n", "r"));
  BOOST_TEST(next(*t) == "line 2 has no value in column r");
  BOOST_TEST(next(*t) == "b=");
  BOOST_TEST(next(*t) == "line 4 has no value in column n");
}

BOOST_AUTO_TEST_CASE(records_come_as_text_hexadecimal_or_base64) {
  const auto hex = source("n,r\na,\\x6162\nb,6A6b\nc,\"\"\nd,\\x\ne,616\nf,0x61"
                          "\ng,61 62\n",
                          csv("n", "r", record_encoding::hex));
  for (const auto* expected : {"a=ab", "b=jk", "c=", "d="})
    BOOST_TEST(next(*hex) == expected);
  for (const auto* line : {"6", "7", "8"})
    BOOST_TEST(next(*hex) ==
               "line " + std::string(line) + " column r is not hexadecimal");
  const auto base64 = source("n,r\na,YWI=\nb,\"YWJj\nZGVm\"\nc,\"\"\nd,YWI\n"
                             "e,YW*=\nf,YQ==YQ==\n",
                             csv("n", "r", record_encoding::base64));
  BOOST_TEST(next(*base64) == "a=ab");
  BOOST_TEST(next(*base64) == "b=abcdef");
  BOOST_TEST(next(*base64) == "c=");
  BOOST_TEST(next(*base64) == "d=ab");
  for (const auto* line : {"7", "8"})
    BOOST_TEST(next(*base64) ==
               "line " + std::string(line) + " column r is not base64");
}

BOOST_AUTO_TEST_CASE(a_table_of_postgresql_is_read_with_and_without_header) {
  auto s = source("number\tbody\nINV\\\\1\ta\\tb\\nc\n\\.\nrest\n",
                  tsv("number", "body"));
  BOOST_TEST(next(*s) == "INV\\1=a\tb\nc");
  BOOST_TEST(next(*s) == "end");
  auto form = tsv("2", "1");
  form.header = false;
  s = source("one\tA\ntwo\tB\nthree\n\tC\n", form);
  BOOST_TEST(next(*s) == "A=one");
  BOOST_TEST(next(*s) == "B=two");
  BOOST_TEST(next(*s) == "line 3 has 1 fields instead of 2");
  BOOST_TEST(next(*s) == "C=");
  for (const auto* wrong : {"0", "x", "-1", "1x", "99999999999999999999"}) {
    form.name_column = wrong;
    BOOST_TEST(opening("one\tA\n", form)
                   .starts_with("\"" + std::string(wrong) +
                                "\" is not a column's number"));
  }
  form.name_column = "3";
  s = source("one\tA\n", form);
  BOOST_TEST(next(*s) == "line 1 has no column 3");
}

BOOST_AUTO_TEST_CASE(a_wrong_header_is_refused_at_once) {
  BOOST_TEST(opening("", csv("a")).starts_with("the input is empty"));
  BOOST_TEST(opening("\n\n", csv("a")).starts_with("the input is empty"));
  BOOST_TEST(opening("a,b\n", csv("c")) ==
             "there is no column \"c\": there are a, b");
  BOOST_TEST(opening("number;body\n", csv("number")) ==
             "there is no column \"number\": there is number;body");
  BOOST_TEST(opening("a,b,a\n", csv("a")) == "there are two columns \"a\"");
  BOOST_TEST(opening("a,b,a\n", csv("b")).empty());
  BOOST_TEST(opening("a,\"b\n", csv("b")) ==
             "the header: line 1 ends within quotes");
  BOOST_TEST(opening("a,\"b\"x\n", csv("b")) ==
             "the header: line 1 has text behind the quotes of a field");
}

BOOST_AUTO_TEST_CASE(a_wrong_row_is_named_and_the_next_one_is_read) {
  const auto s = source("n,r\na,1\nb\nc,1,2\nd\"e,1\n \x01,1\n\"f\ng\",\"2\nh,"
                        "3\n",
                        csv("n", "r"));
  BOOST_TEST(next(*s) == "a=1");
  BOOST_TEST(next(*s) == "line 3 has 1 fields instead of 2");
  BOOST_TEST(next(*s) == "line 4 has 3 fields instead of 2");
  BOOST_TEST(next(*s) == "line 5 has a quote within a field without quotes");
  BOOST_TEST(next(*s) == "line 6: the name has a control character");
  BOOST_TEST(next(*s) == "line 7 ends within quotes");
  BOOST_TEST(next(*s) == "end");
}

BOOST_AUTO_TEST_CASE(rows_are_skipped_unchecked) {
  const auto s = source("n,r\n\"a\nb\",1\nbad\"\n\nc,2\n", csv("n", "r"));
  BOOST_TEST(s->skip());
  BOOST_TEST(s->skip());
  BOOST_TEST(next(*s) == "c=2");
  BOOST_TEST(!s->skip());
}

BOOST_AUTO_TEST_CASE(a_record_of_the_limit_may_be_twice_as_long_in_the_table) {
  const auto limit = storage::record_store::record_size_max;
  const auto s = source("n,r\na," + std::string(2 * limit, '6') + "\nb," +
                            std::string(2 * limit + 2, '6') + "\nc," +
                            std::string(3 * limit, '6') + "\nd,\"" +
                            std::string(2 * limit, '6') + "\n" +
                            std::string(2 * limit, '6') + "\"\ne,61\n",
                        csv("n", "r", record_encoding::hex));
  BOOST_TEST(s->next().value().record.size() == limit);
  BOOST_TEST(next(*s) ==
             "line 3 is longer than 16777216 bytes, the limit of a record");
  BOOST_TEST(next(*s) == "line 4 is longer than 34603008 bytes");
  BOOST_TEST(next(*s) == "line 5 begins a row of over 34603008 bytes");
  BOOST_TEST(next(*s) == "e=a");
}

BOOST_AUTO_TEST_SUITE_END()
