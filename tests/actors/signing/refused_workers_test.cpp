// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/refused_workers.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(refused_workers_test)

using namespace chancery;

BOOST_AUTO_TEST_CASE(the_first_refusal_counts_and_is_told_once) {
  actors::refused_workers refused;
  std::vector<std::string> told;
  const auto tell = [&told](const std::string& why) { told.push_back(why); };
  refused.watch("w1", tell);
  refused.watch("w1", tell);
  refused.watch("w2", tell);
  BOOST_TEST(!refused.why("w1").has_value());
  refused.refuse("w1", "first");
  refused.refuse("w1", "second");
  BOOST_TEST(*refused.why("w1") == "first");
  BOOST_TEST(!refused.why("w2").has_value());
  BOOST_TEST(told == (std::vector<std::string>{"first", "first"}));
  BOOST_REQUIRE_EQUAL(refused.list().size(), 1u);
  BOOST_TEST(refused.list()[0].name == "w1");
}

BOOST_AUTO_TEST_CASE(who_no_longer_watches_is_not_told) {
  actors::refused_workers refused;
  unsigned told = 0;
  const auto number = refused.watch("w", [&told](const auto&) { ++told; });
  refused.unwatch(number);
  refused.unwatch(number);
  refused.refuse("w", "why");
  BOOST_TEST(told == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
