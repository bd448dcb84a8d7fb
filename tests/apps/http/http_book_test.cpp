// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_book.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(http_book_test)

using namespace chancery::apps;
using namespace std::chrono_literals;

http_limits small_limits() {
  http_limits limits;
  limits.connections_max = 3;
  limits.connections_of_address_max = 2;
  limits.bodies_bytes_max = 100;
  limits.under_way_max = 1;
  return limits;
}

std::uint64_t resting(http_book& book, const std::string& address,
                      bool loopback) {
  const auto id = book.enter(address, loopback).id;
  BOOST_TEST(book.rest(id));
  return id;
}

BOOST_AUTO_TEST_CASE(an_address_has_its_share) {
  http_book book(small_limits());
  const auto first = book.enter("192.0.2.1", false).id;
  BOOST_TEST(first != 0u);
  BOOST_TEST(book.enter("192.0.2.1", false).id != 0u);
  BOOST_TEST(book.enter("192.0.2.1", false).id == 0u);
  BOOST_TEST(book.counters().closed["address_full"] == 1u);
  BOOST_TEST(book.enter("192.0.2.2", false).id != 0u);
  book.leave(first);
  BOOST_TEST(book.enter("192.0.2.1", false).id != 0u);
}

BOOST_AUTO_TEST_CASE(loopback_has_no_share) {
  http_book book(small_limits());
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(book.enter("127.0.0.1", true).id != 0u);
  BOOST_TEST(book.enter("127.0.0.1", true).id == 0u);
  BOOST_TEST(book.counters().closed["full"] == 1u);
  BOOST_TEST(book.counters().connections == 3u);
  BOOST_TEST(book.counters().accepted == 4u);
}

BOOST_AUTO_TEST_CASE(who_is_chosen_to_give_way_may_not_work_any_more) {
  http_book book(small_limits());
  const auto first = resting(book, "a", true);
  const auto second = resting(book, "a", true);
  const auto third = resting(book, "a", true);
  BOOST_TEST(book.work(first));
  const auto fourth = book.enter("a", true);
  BOOST_TEST(fourth.id != 0u);
  BOOST_TEST(fourth.gives_way.value() == second);
  BOOST_TEST(!book.work(second));
  BOOST_TEST(!book.rest(second));
  BOOST_TEST(book.work(first)); // it works already
  BOOST_TEST(book.rest(first));
  BOOST_TEST(book.give_way().value() == third);
  BOOST_TEST(book.give_way().value() == first);
  BOOST_TEST(!book.give_way());
  BOOST_TEST(book.counters().closed["idle_gave_way"] == 3u);
}

BOOST_AUTO_TEST_CASE(those_that_still_have_to_close_are_limited) {
  auto limits = small_limits();
  limits.connections_max = 100;
  http_book book(limits);
  for (int i = 0; i < 164; ++i)
    resting(book, "a", true); // beyond the limit one is chosen, and stays
  const auto chosen = book.counters().closed["idle_gave_way"];
  BOOST_TEST(chosen == 64u);
  BOOST_TEST(book.enter("a", true).id == 0u);
  BOOST_TEST(book.counters().closed["full"] == 1u);
}

BOOST_AUTO_TEST_CASE(a_resting_one_that_leaves_gives_no_way) {
  http_book book(small_limits());
  book.leave(resting(book, "a", true));
  BOOST_TEST(!book.give_way());
  BOOST_TEST(book.counters().connections == 0u);
  book.leave(1); // twice
}

BOOST_AUTO_TEST_CASE(bodies_and_answers_have_their_limits) {
  http_book book(small_limits());
  BOOST_TEST(book.reserve(60));
  BOOST_TEST(!book.reserve(41));
  BOOST_TEST(!book.reserve(~std::uint64_t{0}));
  BOOST_TEST(book.reserve(40));
  book.release(60);
  BOOST_TEST(book.counters().body_bytes == 40u);
  BOOST_TEST(book.begin_answer());
  BOOST_TEST(!book.begin_answer());
  book.end_answer();
  BOOST_TEST(book.begin_answer());
}

BOOST_AUTO_TEST_CASE(a_drain_waits_for_those_that_work) {
  http_book book(small_limits());
  const auto first = resting(book, "a", true);
  const auto second = resting(book, "a", true);
  BOOST_TEST(book.work(second));
  BOOST_TEST((book.begin_drain() == std::vector<std::uint64_t>{first}));
  BOOST_TEST(!book.work(first));
  BOOST_TEST(book.enter("a", true).id == 0u);
  BOOST_TEST(!book.await_work(1ms));
  BOOST_TEST(!book.rest(second));
  BOOST_TEST(book.await_work(0ms));
}

BOOST_AUTO_TEST_SUITE_END()
