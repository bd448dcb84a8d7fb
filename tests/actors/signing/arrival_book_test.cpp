// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/arrival_book.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(arrival_book_test)

using chancery::actors::arrival_book;

BOOST_AUTO_TEST_CASE(records_are_due_when_their_group_has_waited) {
  arrival_book book(250);
  BOOST_TEST(book.due_ms(0) == 0u);
  book.came(10, 1'000);
  book.came(12, 1'000);
  book.came(20, 1'100);
  for (const auto id : {0, 9})
    BOOST_TEST(book.due_ms(id) == 0u); // there before
  for (const auto id : {10, 11, 12, 19})
    BOOST_TEST(book.due_ms(id) == 1'250u);
  for (const auto id : {20, 21, 1'000})
    BOOST_TEST(book.due_ms(id) == 1'350u);
  BOOST_CHECK_THROW(book.came(20, 1'200), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(what_is_signed_is_forgotten) {
  arrival_book book(0);
  for (std::uint64_t n = 1; n <= 1'000; ++n) {
    book.came(n * 10, n);
    book.forget_before(n * 10 + 5); // in the middle of the group
    BOOST_TEST(book.size() == 1u);
    BOOST_TEST(book.due_ms(n * 10 + 5) == n);
  }
  book.forget_before(1);
  BOOST_TEST(book.due_ms(10'000) == 1'000u);
}

BOOST_AUTO_TEST_SUITE_END()
