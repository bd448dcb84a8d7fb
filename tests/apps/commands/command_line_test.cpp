// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/command_line.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(command_line_test)

using chancery::apps::protect_key_ids;
using words = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(an_id_that_begins_with_a_hyphen_is_no_option) {
  const std::string id = "-" + std::string(41, 'x') + "A";
  BOOST_TEST(protect_key_ids({"keys", "export", id, "--public"}) ==
             (words{"keys", "export", "id:" + id, "--public"}));
}

BOOST_AUTO_TEST_CASE(every_other_argument_stays) {
  const words given{"--data",
                    "-x",
                    "",
                    "-",
                    std::string(43, 'A'),                      // no hyphen
                    "-" + std::string(41, 'x') + "B",          // stray bits
                    "--data=/a/" + std::string(32, 'x') + "A", // no base64url
                    "-" + std::string(42, 'x') + "A"};         // longer
  BOOST_TEST(protect_key_ids(given) == given);
}

BOOST_AUTO_TEST_SUITE_END()
