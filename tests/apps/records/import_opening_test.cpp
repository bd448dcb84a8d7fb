// SPDX-License-Identifier: Apache-2.0
#include "apps/records/import_opening.hpp"

#include "storage/record_store.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <vector>

BOOST_AUTO_TEST_SUITE(import_opening_test)

using namespace chancery;
using namespace chancery::apps;
namespace fs = std::filesystem;

namespace {

const std::atomic<bool> never{false};

fs::path file(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::vector<std::string> all(apps::import_source& source) {
  std::vector<std::string> records;
  while (const auto record = source.next())
    records.emplace_back(record->record);
  return records;
}

/// The error text of next().
std::string refusal(apps::import_source& source) {
  try {
    source.next();
  } catch (const bad_input& e) {
    return e.what();
  }
  return "nothing is wrong";
}

using texts = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_CASE(json_lines_are_kept_byte_for_byte) {
  const tests::temp_folder folder;
  const texts lines{R"({"b":1,  "a":2.50})",
                    "[]",
                    " null ",
                    "\"\xc3\xa4\"\r",
                    R"({"x":1e400,"x":"\ud800"})",
                    std::string(400, '9')};
  std::string text;
  for (const auto& line : lines)
    text += line + '\n';
  const auto source = open_import_source(file(folder.path() / "f", text),
                                         {import_format::jsonl}, never);
  BOOST_TEST(all(*source) == lines);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_not_json_is_named_and_can_be_skipped) {
  const tests::temp_folder folder;
  using namespace std::string_literals;
  const auto path =
      file(folder.path() / "f", "1\n{\"a\":}\n3\n{}\0{}\n\xef\xbb\xbf{}\n"s +
                                    std::string(2'000, '[') + "\n");
  const auto source = open_import_source(path, {import_format::jsonl}, never);
  BOOST_TEST(source->next().value().record == "1");
  BOOST_TEST(refusal(*source) == "line 2 is not JSON: no value at byte 6");
  const auto again = open_import_source(path, {import_format::jsonl}, never);
  BOOST_TEST(again->skip());
  BOOST_TEST(again->skip());
  BOOST_TEST(again->next().value().record == "3");
  BOOST_TEST(refusal(*again) == "line 4 is not JSON: a zero byte at byte 3");
  BOOST_TEST(refusal(*again) ==
             "line 5 is not JSON: it begins with a byte order mark");
  BOOST_TEST(refusal(*again).starts_with("line 6 is nested deeper than 1024"));
}

BOOST_AUTO_TEST_CASE(blank_json_lines_are_no_records_and_are_counted) {
  const tests::temp_folder folder;
  const auto path =
      file(folder.path() / "f", "\n1\r\n\r\n \t\n2\n\n" +
                                    std::string(20'000'000, 'x') + "\n\n3\n\n");
  const auto source = open_import_source(path, {import_format::jsonl}, never);
  BOOST_TEST(source->next().value().record == "1\r");
  BOOST_TEST(source->blank_lines() == 1U);
  BOOST_TEST(source->next().value().record == "2");
  BOOST_TEST(source->blank_lines() == 3U);
  BOOST_TEST(refusal(*source).starts_with("line 7 is longer than"));
  const auto again = open_import_source(path, {import_format::jsonl}, never);
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(again->skip());
  BOOST_TEST(again->next().value().record == "3");
  BOOST_TEST(!again->next());
  BOOST_TEST(again->blank_lines() == 6U);
  const auto lines = open_import_source(path, {import_format::lines}, never);
  BOOST_TEST(lines->next().value().record == "");
  BOOST_TEST(lines->blank_lines() == 0U);
}

BOOST_AUTO_TEST_CASE(a_line_over_the_limit_is_named) {
  const tests::temp_folder folder;
  const auto limit = storage::record_store::record_size_max;
  const auto source = open_import_source(
      file(folder.path() / "f", "1\n" + std::string(limit, 'x') + '\n' +
                                    std::string(limit + 1, 'x')),
      {import_format::lines}, never);
  BOOST_TEST(source->skip());
  BOOST_TEST(source->next().value().record.size() == limit);
  BOOST_TEST(refusal(*source).starts_with("line 3 is longer than 16777216"));
}

BOOST_AUTO_TEST_CASE(files_come_by_their_paths_which_are_their_names) {
  const tests::temp_folder folder;
  file(folder.path() / "b", "second");
  file(folder.path() / "a", "first");
  file(folder.path() / "a1", "");
  file(folder.path() / "c", "third\n");
  fs::create_directories(folder.path() / "a-folder" / "empty");
  file(folder.path() / "a-folder" / "z", "below");
  const auto source =
      open_import_source(folder.path(), {import_format::files}, never);
  texts found;
  while (const auto item = source->next())
    found.push_back(std::string(item->name.value()) + "=" +
                    std::string(item->record));
  BOOST_TEST(found == (texts{"a=first", "a-folder/z=below", "a1=", "b=second",
                             "c=third\n"}));
}

BOOST_AUTO_TEST_CASE(a_path_that_is_no_name_is_left_out_alone) {
  const tests::temp_folder folder;
  file(folder.path() / "a ", "blank");
  file(folder.path() / "b", "good");
  const auto source =
      open_import_source(folder.path(), {import_format::files}, never);
  BOOST_TEST(refusal(*source) == (folder.path() / "a ").string() +
                                     ": the name begins or ends with a blank");
  BOOST_TEST(source->next().value().record == "good");
}

BOOST_AUTO_TEST_CASE(a_member_of_json_is_the_name) {
  const tests::temp_folder folder;
  const auto source = open_import_source(
      file(folder.path() / "f", "{\"n\":\"\\u00e4\"}\n{\"n\":1.50}\n{}\n{\"n\":"
                                "1,\"n\":1}\n{\"n\":\"\"}\n7\n"),
      {import_format::jsonl, "n"}, never);
  BOOST_TEST(source->next().value().name.value() == "\xc3\xa4");
  const auto item = source->next().value();
  BOOST_TEST(item.name.value() == "1.50");
  BOOST_TEST(item.record == R"({"n":1.50})");
  BOOST_TEST(refusal(*source) == "line 3 has no member \"n\"");
  BOOST_TEST(refusal(*source) == "line 4 has two members \"n\"");
  BOOST_TEST(refusal(*source) == "line 5: the name is empty");
  BOOST_TEST(refusal(*source) == "line 6 has no member \"n\"");
  BOOST_TEST(!source->next());
}

BOOST_AUTO_TEST_CASE(a_link_counts_as_what_it_leads_to) {
  const tests::temp_folder folder;
  const auto place = folder.path() / "in";
  fs::create_directory(place);
  file(folder.path() / "outside", "linked");
  file(place / "z", "last");
  fs::create_symlink("../outside", place / "a");
  fs::create_symlink("..", place / "b");
  fs::create_symlink("c", place / "c"); // a circle
  fs::create_symlink("e", place / "d");
  fs::create_symlink("d", place / "e"); // a longer one
  fs::create_symlink("missing", place / "f");
  fs::create_symlink("z/below", place / "g");
  fs::create_symlink(std::string(300, 'n'), place / "h");
  const auto source = open_import_source(place, {import_format::files}, never);
  BOOST_TEST(all(*source) == (texts{"linked", "last"}));
}

BOOST_AUTO_TEST_CASE(a_file_over_the_limit_is_named_and_can_be_skipped) {
  const tests::temp_folder folder;
  const auto path = file(folder.path() / "a", "");
  fs::resize_file(path, storage::record_store::record_size_max + 1);
  file(folder.path() / "b", "second");
  auto source =
      open_import_source(folder.path(), {import_format::files}, never);
  BOOST_TEST(refusal(*source).starts_with(path.string()));
  source = open_import_source(folder.path(), {import_format::files}, never);
  BOOST_TEST(source->skip());
  BOOST_TEST(source->next().value().record == "second");
  BOOST_TEST(!source->next());
  BOOST_TEST(!source->skip());
}

BOOST_AUTO_TEST_CASE(the_input_must_be_of_the_kind_that_was_said) {
  const tests::temp_folder folder;
  const auto path = file(folder.path() / "f", "1\n");
  BOOST_CHECK_THROW(open_import_source(path, {import_format::files}, never),
                    std::runtime_error);
  BOOST_CHECK_THROW(
      open_import_source(folder.path(), {import_format::lines}, never),
      std::runtime_error);
  BOOST_CHECK_THROW(open_import_source(folder.path() / "missing",
                                       {import_format::jsonl}, never),
                    std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
