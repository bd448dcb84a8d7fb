// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/spool_file.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(spool_file_test)

using namespace chancery::apps;

BOOST_AUTO_TEST_CASE(what_was_written_is_read_back_in_order) {
  spool_file file;
  std::string written;
  for (int i = 0; i < 50'000; ++i) {
    const auto line = std::to_string(i) + '\n';
    file.write(line);
    written += line;
  }
  BOOST_TEST(file.size() == written.size());
  std::string read;
  file.read([&](std::string_view bytes) { read += bytes; });
  BOOST_TEST((read == written));
}

BOOST_AUTO_TEST_CASE(nothing_comes_out_of_an_empty_one) {
  spool_file file;
  file.read([](std::string_view) { BOOST_ERROR("there is something"); });
  BOOST_TEST(file.size() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
