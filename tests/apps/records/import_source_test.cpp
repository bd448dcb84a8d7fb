// SPDX-License-Identifier: Apache-2.0
#include "apps/records/import_source.hpp"

#include "storage/record_store.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <vector>

BOOST_AUTO_TEST_SUITE(import_source_test)

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
    records.emplace_back(*record);
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
  const texts lines{R"({"b":1,  "a":2.50})", "[]", " null ", "\"\xc3\xa4\"\r"};
  std::string text;
  for (const auto& line : lines)
    text += line + '\n';
  const auto source = open_import_source(file(folder.path() / "f", text),
                                         import_format::jsonl, never);
  BOOST_TEST(all(*source) == lines);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_not_json_is_named_and_can_be_skipped) {
  const tests::temp_folder folder;
  const auto path = file(folder.path() / "f", "1\n{\"a\":}\n3\n\n");
  const auto source = open_import_source(path, import_format::jsonl, never);
  BOOST_TEST(source->next().value() == "1");
  BOOST_TEST(refusal(*source) == "line 2 is not JSON");
  const auto again = open_import_source(path, import_format::jsonl, never);
  BOOST_TEST(again->skip());
  BOOST_TEST(again->skip());
  BOOST_TEST(again->next().value() == "3");
  BOOST_TEST(refusal(*again) == "line 4 is not JSON");
}

BOOST_AUTO_TEST_CASE(a_line_over_the_limit_is_named) {
  const tests::temp_folder folder;
  const auto limit = storage::record_store::record_size_max;
  const auto source = open_import_source(
      file(folder.path() / "f", "1\n" + std::string(limit, 'x') + '\n' +
                                    std::string(limit + 1, 'x')),
      import_format::lines, never);
  BOOST_TEST(source->skip());
  BOOST_TEST(source->next().value().size() == limit);
  BOOST_TEST(refusal(*source).starts_with("line 3 is longer than 16777216"));
}

BOOST_AUTO_TEST_CASE(files_come_by_name_and_folders_are_left_out) {
  const tests::temp_folder folder;
  file(folder.path() / "b", "second");
  file(folder.path() / "a", "first");
  file(folder.path() / "a1", "");
  file(folder.path() / "c", "third\n");
  fs::create_directory(folder.path() / "a-folder");
  const auto source =
      open_import_source(folder.path(), import_format::files, never);
  BOOST_TEST(all(*source) == (texts{"first", "", "second", "third\n"}));
}

BOOST_AUTO_TEST_CASE(a_file_over_the_limit_is_named_and_can_be_skipped) {
  const tests::temp_folder folder;
  const auto path = file(folder.path() / "a", "");
  fs::resize_file(path, storage::record_store::record_size_max + 1);
  file(folder.path() / "b", "second");
  auto source = open_import_source(folder.path(), import_format::files, never);
  BOOST_TEST(refusal(*source).starts_with(path.string()));
  source = open_import_source(folder.path(), import_format::files, never);
  BOOST_TEST(source->skip());
  BOOST_TEST(source->next().value() == "second");
  BOOST_TEST(!source->next());
  BOOST_TEST(!source->skip());
}

BOOST_AUTO_TEST_CASE(the_input_must_be_of_the_kind_that_was_said) {
  const tests::temp_folder folder;
  const auto path = file(folder.path() / "f", "1\n");
  BOOST_CHECK_THROW(open_import_source(path, import_format::files, never),
                    std::runtime_error);
  BOOST_CHECK_THROW(
      open_import_source(folder.path(), import_format::lines, never),
      std::runtime_error);
  BOOST_CHECK_THROW(open_import_source(folder.path() / "missing",
                                       import_format::jsonl, never),
                    std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
