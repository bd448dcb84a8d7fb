// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/parallel.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(parallel_test)

using namespace chancery;

namespace {

/// Counts how often it got each number, and notices a wrong order.
struct marker {
  std::vector<std::atomic<int>>& seen;
  std::uint64_t chunk;
  std::atomic<bool>& in_order;
  std::uint64_t next = 0;

  void operator()(std::uint64_t first, std::uint64_t last) {
    if (first < next || last - first > chunk || last <= first)
      in_order = false;
    next = last;
    for (auto i = first; i < last; ++i)
      ++seen[i];
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(every_number_is_worked_on_once) {
  const std::atomic<bool> never{false};
  for (const std::size_t threads : {1u, 2u, 5u})
    for (const std::uint64_t end : {10u, 11u, 12u, 19u, 110u, 1'000u}) {
      std::vector<std::atomic<int>> seen(1'001);
      std::atomic<bool> in_order{true};
      std::vector<marker> workers(threads, marker{seen, 9, in_order});
      actors::work_in_chunks(std::span(workers), 10, end, 9, never);
      bool once = true;
      for (std::uint64_t i = 0; i < seen.size(); ++i)
        once = once && seen[i] == (i >= 10 && i < end ? 1 : 0);
      BOOST_TEST(once);
      BOOST_TEST(in_order);
    }
}

BOOST_AUTO_TEST_CASE(a_range_up_to_the_highest_number_does_not_wrap) {
  const std::atomic<bool> never{false};
  std::uint64_t sum = 0;
  std::uint64_t highest = 0;
  const auto count = [&](std::uint64_t first, std::uint64_t last) {
    sum += last - first;
    highest = last;
  };
  std::vector workers{count};
  actors::work_in_chunks(std::span(workers), UINT64_MAX - 100, UINT64_MAX, 64,
                         never);
  BOOST_TEST(sum == 100u);
  BOOST_TEST(highest == UINT64_MAX);
}

BOOST_AUTO_TEST_CASE(what_a_worker_throws_ends_the_others_and_comes_out) {
  const std::atomic<bool> never{false};
  std::atomic<int> taken{0};
  const auto work = [&](std::uint64_t first, std::uint64_t) {
    ++taken;
    if (first == 3)
      throw std::runtime_error("at three");
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  };
  std::vector workers(3, work);
  std::string said;
  try {
    actors::work_in_chunks(std::span(workers), 0, 1'000'000'000, 1, never);
  } catch (const std::runtime_error& e) {
    said = e.what();
  }
  BOOST_TEST(said == "at three");
  BOOST_TEST(taken < 1'000'000'000);
}

BOOST_AUTO_TEST_CASE(fewer_workers_where_the_store_has_no_more_places) {
  struct worker {
    explicit worker(int& places) {
      if (places-- == 0)
        throw storage::busy("too many readers");
    }
  };
  int places = 3;
  BOOST_TEST(actors::workers_of<worker>(5, places).size() == 3u);
  places = 3;
  BOOST_TEST(actors::workers_of<worker>(0, places).size() == 1u);
  places = 0;
  BOOST_CHECK_THROW(actors::workers_of<worker>(2, places), storage::busy);
}

BOOST_AUTO_TEST_CASE(stop_ends_it_between_two_chunks) {
  std::atomic<bool> stop{false};
  std::uint64_t done = 0;
  const auto work = [&](std::uint64_t, std::uint64_t last) {
    done = last;
    stop = last == 20;
  };
  std::vector workers{work};
  actors::work_in_chunks(std::span(workers), 0, 1'000, 10, stop);
  BOOST_TEST(done == 20u);
}

BOOST_AUTO_TEST_SUITE_END()
