// SPDX-License-Identifier: Apache-2.0
#include "crypto/ledger/refusal.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

BOOST_AUTO_TEST_SUITE(refusal_test)

using namespace chancery::crypto;

BOOST_AUTO_TEST_CASE(every_code_has_its_own_text_and_comes_back_from_it) {
  std::set<std::string_view> texts;
  for (int i = 1; i <= static_cast<int>(refusal::internal); ++i) {
    const auto code = static_cast<refusal>(i);
    BOOST_TEST(texts.insert(to_text(code)).second, to_text(code));
    BOOST_TEST((refusal_from_text(to_text(code)) == code));
  }
  BOOST_TEST(texts.size() == 12);
}

BOOST_AUTO_TEST_CASE(numbers_and_texts_stay_what_other_hosts_know) {
  BOOST_TEST(static_cast<int>(refusal::too_large) == 1);
  BOOST_TEST(to_text(refusal::too_large) == "too_large");
  BOOST_TEST(static_cast<int>(refusal::not_the_sender) == 6);
  BOOST_TEST(to_text(refusal::not_the_sender) == "not_the_sender");
  BOOST_TEST(static_cast<int>(refusal::stale_sequence) == 9);
  BOOST_TEST(to_text(refusal::stale_sequence) == "stale_sequence");
  BOOST_TEST(static_cast<int>(refusal::internal) == 12);
  BOOST_TEST(to_text(refusal::internal) == "internal");
}

BOOST_AUTO_TEST_CASE(another_text_is_no_code) {
  for (const auto* text : {"", "Too_large", "too_large ", "too large", "1"})
    BOOST_TEST(!refusal_from_text(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_refusal_carries_its_code_and_its_sentence) {
  const refused r(refusal::busy, "too much is waiting");
  BOOST_TEST((r.code() == refusal::busy));
  BOOST_TEST(r.what() == std::string("too much is waiting"));
}

BOOST_AUTO_TEST_SUITE_END()
