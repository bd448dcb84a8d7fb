// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_book.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

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

BOOST_AUTO_TEST_CASE(who_lingers_gives_way_before_any_at_rest) {
  http_book book(small_limits());
  const auto first = resting(book, "a", true);
  const auto second = resting(book, "a", true);
  const auto third = resting(book, "a", true);
  for (const auto id : {third, second}) {
    BOOST_TEST(book.work(id));
    book.linger(id);
  }
  BOOST_TEST(book.enter("a", true).gives_way.value() == third);
  BOOST_TEST(book.give_way().value() == second);
  BOOST_TEST(book.give_way().value() == first);
  BOOST_TEST(!book.give_way());
  BOOST_TEST(book.counters().closed["linger_gave_way"] == 2u);
  BOOST_TEST(book.counters().closed["idle_gave_way"] == 1u);
}

/// A hundred places, of which 64 have to give way and are still there.
struct slowly_left {
  explicit slowly_left(std::chrono::milliseconds patience)
      : book([&] {
          auto limits = small_limits();
          limits.connections_max = 100;
          limits.give_way = patience;
          return limits;
        }()) {
    first = resting(book, "a", true);
    for (int i = 1; i < 164; ++i)
      resting(book, "a", true);
    BOOST_TEST(book.counters().closed["idle_gave_way"] == 64u);
  }

  http_book book;
  std::uint64_t first = 0;
};

BOOST_AUTO_TEST_CASE(those_that_still_have_to_close_are_limited) {
  slowly_left one(1ms);
  BOOST_TEST(one.book.enter("a", true).id == 0u);
  BOOST_TEST(one.book.counters().closed["full"] == 1u);
}

BOOST_AUTO_TEST_CASE(a_new_one_waits_for_those_that_give_way) {
  slowly_left one(10min);
  std::jthread closes([&] {
    while (one.book.counters().accepted < 165)
      std::this_thread::yield();
    one.book.leave(one.first);
  });
  const auto arrival = one.book.enter("a", true);
  BOOST_TEST(arrival.id != 0u);
  BOOST_TEST(arrival.gives_way.has_value());
}

BOOST_AUTO_TEST_CASE(a_drain_ends_the_wait_for_a_place) {
  slowly_left one(10min);
  std::jthread drains([&] {
    while (one.book.counters().accepted < 165)
      std::this_thread::yield();
    one.book.begin_drain();
  });
  BOOST_TEST(one.book.enter("a", true).id == 0u);
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
