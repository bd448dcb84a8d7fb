// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/bounded_queue.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <memory>
#include <thread>

BOOST_AUTO_TEST_SUITE(bounded_queue_test)

using namespace std::chrono_literals;
using queue = chancery::apps::bounded_queue<int>;

BOOST_AUTO_TEST_CASE(what_is_put_in_comes_out_in_order_and_then_nothing) {
  queue q(3);
  for (int i = 0; i < 3; ++i)
    q.push(i);
  q.close();
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(q.pop().value() == i);
  BOOST_TEST(!q.pop());
  BOOST_TEST(!q.pop());
}

BOOST_AUTO_TEST_CASE(who_puts_into_a_full_one_waits_until_something_is_taken) {
  queue q(2);
  std::atomic<int> put{0};
  std::jthread putter([&] {
    for (int i = 0; i < 100; ++i) {
      q.push(i);
      ++put;
    }
    q.close();
  });
  for (int taken = 0; taken < 100; ++taken) {
    // More than two values in the queue at any time would be a fault.
    std::this_thread::sleep_for(1ms);
    BOOST_TEST(put <= taken + 2);
    BOOST_TEST(q.pop().value() == taken);
  }
  BOOST_TEST(!q.pop());
}

BOOST_AUTO_TEST_CASE(who_takes_from_an_empty_one_waits_until_it_is_closed) {
  queue q(1);
  std::jthread closer([&] {
    std::this_thread::sleep_for(20ms);
    q.close();
  });
  BOOST_TEST(!q.pop());
}

BOOST_AUTO_TEST_CASE(values_that_can_only_be_moved_pass_through) {
  chancery::apps::bounded_queue<std::unique_ptr<int>> q(1);
  q.push(std::make_unique<int>(7));
  BOOST_TEST(*q.pop().value() == 7);
}

BOOST_AUTO_TEST_SUITE_END()
