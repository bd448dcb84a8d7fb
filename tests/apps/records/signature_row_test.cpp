// SPDX-License-Identifier: Apache-2.0
#include "apps/records/signature_row.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>
#include <vector>

BOOST_AUTO_TEST_SUITE(signature_row_test)

using namespace chancery;
using namespace chancery::apps;

namespace {

const std::vector<std::byte> some_bytes(64);

/// What stands before ",7,", and with `line` the whole line of JSON.
std::string shown(std::optional<std::string_view> name, bool line = false) {
  storage::batch_row batch;
  batch.time_ms = 1'795'000'000'000;
  const stored_signature signature{
      .record = 7, .name = name, .batch = batch, .bytes = some_bytes};
  if (line)
    return signature_line(signature, "ES256");
  const auto row = signature_row(signature, "ES256");
  const std::string rest = ",7," + std::string(43, 'A') + ",ES256," +
                           std::string(86, 'A') + ",2026-";
  const auto at = row.find(rest);
  return at == std::string::npos ? "another row: " + row : row.substr(0, at);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_name_is_quoted_when_csv_needs_it) {
  BOOST_TEST(shown("2026-118") == "2026-118");
  BOOST_TEST(shown("a b;c'd\\e\u00e9") == "a b;c'd\\e\u00e9");
  BOOST_TEST(shown("Smith, John") == "\"Smith, John\"");
  BOOST_TEST(shown("12\"") == "\"12\"\"\"");
  BOOST_TEST(shown("\"\",") == "\"\"\"\"\",\"");
}

BOOST_AUTO_TEST_CASE(no_name_is_an_empty_field_without_quotes) {
  BOOST_TEST(shown(std::nullopt) == "");
}

BOOST_AUTO_TEST_CASE(a_line_of_json_has_the_name_behind_the_id) {
  BOOST_TEST(shown("no. \"4\\\"", true)
                 .starts_with(R"({"record":7,"name":"no. \"4\\\"","key":")"));
  BOOST_TEST(shown(std::nullopt, true).starts_with(R"({"record":7,"key":")"));
}

BOOST_AUTO_TEST_SUITE_END()
