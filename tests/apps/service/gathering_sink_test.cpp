// SPDX-License-Identifier: Apache-2.0
#include "apps/service/gathering_sink.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <spdlog/logger.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(gathering_sink_test)

using namespace chancery;

/// A log whose lines end in `written` or, while it is closed, wait before it.
struct gathered {
  explicit gathered(std::size_t waiting_max) {
    const auto sink = std::make_shared<apps::gathering_sink>(
        [this](std::string_view lines) {
          ++writes;
          open.wait();
          written += lines;
        },
        waiting_max);
    dropped = [at = sink.get()] { return at->dropped(); };
    log = std::make_unique<spdlog::logger>("test", sink);
    log->set_pattern("%v");
  }

  std::promise<void> opened;
  std::shared_future<void> open = opened.get_future().share();
  std::atomic<int> writes{0};
  std::string written;
  std::function<std::uint64_t()> dropped;
  std::unique_ptr<spdlog::logger> log;
};

BOOST_AUTO_TEST_CASE(what_waits_is_written_at_the_end_in_its_order) {
  gathered at(1 << 20);
  at.opened.set_value();
  std::string expected;
  for (int i = 0; i < 1'000; ++i) {
    at.log->info("{}", i);
    expected += std::to_string(i) + "\n";
  }
  at.log.reset();
  BOOST_TEST(at.written == expected);
  BOOST_TEST(at.writes < 1'000);
}

BOOST_AUTO_TEST_CASE(a_line_is_written_without_another_behind_it) {
  gathered at(1 << 20);
  at.opened.set_value();
  at.log->info("alone");
  while (at.writes == 0)
    std::this_thread::yield();
  at.log.reset();
  BOOST_TEST(at.written == "alone\n");
}

BOOST_AUTO_TEST_CASE(whoever_logs_never_waits_and_the_oldest_lines_give_way) {
  gathered at(100);
  at.log->info("first");
  while (at.writes == 0)
    std::this_thread::yield();
  for (int i = 0; i < 11; ++i) // ten octets each
    at.log->info("line {:4}", i);
  at.log->info("{:60}", "no line may be so long");
  BOOST_TEST(at.dropped() == 7u);
  at.opened.set_value();
  at.log.reset();
  std::string expected = "first\n";
  for (int i = 6; i < 11; ++i)
    expected += fmt::format("line {:4}\n", i);
  BOOST_TEST(at.written == expected);
}

BOOST_AUTO_TEST_CASE(lines_of_many_threads_stay_whole) {
  gathered at(1 << 20);
  at.opened.set_value();
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i)
          at.log->info("a whole line");
      });
  }
  at.log.reset();
  std::string expected;
  for (int i = 0; i < 2'000; ++i)
    expected += "a whole line\n";
  BOOST_TEST(at.written == expected);
}

BOOST_AUTO_TEST_SUITE_END()
