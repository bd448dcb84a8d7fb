// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/input_file.hpp"

#include "apps/platform/new_file.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(input_file_test)

using namespace chancery::apps;

BOOST_AUTO_TEST_CASE(a_file_is_read_whole_up_to_its_limit) {
  const chancery::tests::temp_folder folder;
  const auto file = folder.path() / "file";
  const std::string text(100'000, 'a');
  write_file(file, text, 0600, new_file::existing::keep);
  BOOST_TEST((read_input(file, text.size()) == text));
  BOOST_CHECK_EXCEPTION(read_input(file, text.size() - 1), std::runtime_error,
                        [](const std::exception& e) {
                          return std::string(e.what()).find(
                                     "longer than 99999 bytes") !=
                                 std::string::npos;
                        });
  BOOST_CHECK_THROW(read_input(folder.path() / "none", 1), std::runtime_error);
  BOOST_CHECK_THROW(read_input(folder.path(), 1), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
