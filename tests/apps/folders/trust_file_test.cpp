// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/trust_file.hpp"

#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(trust_file_test)

using namespace chancery;
using namespace chancery::apps;

namespace {

const std::string one = std::string(42, 'x') + "A";
const std::string two = std::string(42, 'y') + "A";

} // namespace

BOOST_AUTO_TEST_CASE(a_line_holds_an_id_a_comment_or_both) {
  const auto ids = parse_trust("# from the safe\n\n  " + one +
                               "  # the first\r\n\t\n" + two);
  BOOST_REQUIRE(ids.size() == 2U);
  BOOST_TEST(crypto::to_text(ids[0]) == one);
  BOOST_TEST(crypto::to_text(ids[1]) == two);
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused_with_its_line) {
  for (const auto& wrong : {one + "A", one.substr(1), one + " " + two,
                            std::string(42, 'x') + "=", std::string("?")}) {
    try {
      parse_trust(two + "\n" + wrong);
      BOOST_ERROR(wrong + " was accepted");
    } catch (const std::invalid_argument& e) {
      BOOST_TEST(std::string(e.what()).starts_with("line 2 "));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_list_without_ids_trusts_nobody_by_mistake) {
  for (const char* text : {"", "\n\n", "# nothing here\n"})
    BOOST_CHECK_THROW(parse_trust(text), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(errors_of_a_file_name_it) {
  const tests::temp_folder folder;
  const auto path = folder.path() / "list";
  BOOST_CHECK_THROW(read_trust_file(path), std::runtime_error);
  std::ofstream(path) << "nonsense\n";
  try {
    read_trust_file(path);
    BOOST_ERROR("nonsense was accepted");
  } catch (const std::runtime_error& e) {
    BOOST_TEST(std::string(e.what()).find(path.string()) != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
