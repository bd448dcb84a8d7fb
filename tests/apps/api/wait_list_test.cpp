// SPDX-License-Identifier: Apache-2.0
#include "apps/api/wait_list.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(wait_list_test)

namespace {

using namespace std::chrono_literals;
using apps::wait_list;

/// So long that only a wake makes the list look.
constexpr auto never = 1h;

/// What one request waits for.
struct awaited {
  std::atomic<bool> there{false};
  std::atomic<int> tried{0};
  std::promise<bool> answer; ///< whether it was the last attempt

  wait_list::attempt attempt() {
    return [this](bool last) {
      ++tried;
      const bool done = there || last;
      if (done)
        answer.set_value(last);
      return done;
    };
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_wake_makes_it_look_at_once) {
  awaited one;
  wait_list list(1, never);
  BOOST_REQUIRE(list.add(wait_list::clock::now() + never, 0, one.attempt()));
  one.there = true;
  list.wake();
  BOOST_TEST(!one.answer.get_future().get());
}

BOOST_AUTO_TEST_CASE(a_wake_before_it_was_added_is_not_missed) {
  awaited one;
  wait_list list(1, never);
  const auto wakes = list.wakes();
  list.wake();
  one.there = true;
  BOOST_REQUIRE(
      list.add(wait_list::clock::now() + never, wakes, one.attempt()));
  BOOST_TEST(!one.answer.get_future().get());
}

BOOST_AUTO_TEST_CASE(a_wake_for_nobody_leaves_no_trace) {
  awaited one;
  wait_list list(1, never);
  list.wake();
  BOOST_REQUIRE(
      list.add(wait_list::clock::now() + never, list.wakes(), one.attempt()));
  list.end();
  BOOST_TEST(one.answer.get_future().get());
  BOOST_TEST(one.tried == 1);
}

BOOST_AUTO_TEST_CASE(without_a_wake_it_looks_now_and_then) {
  awaited one;
  wait_list list(1, 1ms);
  BOOST_REQUIRE(list.add(wait_list::clock::now() + never, 0, one.attempt()));
  one.there = true;
  BOOST_TEST(!one.answer.get_future().get());
}

BOOST_AUTO_TEST_CASE(at_its_end_it_is_answered_as_it_is) {
  awaited one;
  wait_list list(1, 1ms);
  BOOST_REQUIRE(list.add(wait_list::clock::now(), 0, one.attempt()));
  BOOST_TEST(one.answer.get_future().get());
}

BOOST_AUTO_TEST_CASE(a_full_list_takes_no_more) {
  awaited first;
  awaited second;
  wait_list list(1, never);
  const auto until = wait_list::clock::now() + never;
  BOOST_REQUIRE(list.add(until, 0, first.attempt()));
  BOOST_TEST(!list.add(until, 0, second.attempt()));
  list.stop();
  BOOST_TEST(first.answer.get_future().get());
  BOOST_TEST(second.tried == 0);
  BOOST_TEST(list.add(until, 0, second.attempt()));
  BOOST_TEST(second.answer.get_future().get());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
