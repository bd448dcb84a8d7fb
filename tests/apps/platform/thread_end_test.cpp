// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/thread_end.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

BOOST_AUTO_TEST_SUITE(thread_end_test)

using namespace std::chrono_literals;
using chancery::apps::await_other_threads;

BOOST_AUTO_TEST_CASE(a_thread_that_nobody_joins_is_waited_for) {
  struct at_end {
    std::atomic<bool>* flag = nullptr;
    ~at_end() {
      if (flag == nullptr)
        return;
      std::this_thread::sleep_for(50ms);
      *flag = true;
    }
  };
  std::atomic<bool> ended{false};
  std::thread([&ended] {
    static thread_local at_end last; // like a library's per-thread data
    last.flag = &ended;
  }).detach();
  BOOST_TEST(await_other_threads(60s));
  BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(a_thread_that_stays_is_not_waited_for_for_ever) {
  std::atomic<bool> over{false};
  std::jthread stays([&over] { over.wait(false); });
  BOOST_TEST(!await_other_threads(20ms));
  over = true;
  over.notify_all();
}

BOOST_AUTO_TEST_CASE(alone_there_is_nothing_to_wait_for) {
  BOOST_TEST(await_other_threads(60s));
}

BOOST_AUTO_TEST_SUITE_END()
