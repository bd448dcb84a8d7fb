// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/reorder_buffer.hpp"

#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(reorder_buffer_test)

using buffer = actors::reorder_buffer<std::uint64_t>;

BOOST_AUTO_TEST_CASE(results_come_out_in_the_order_of_the_work) {
  std::mt19937_64 random(new_seed("reorder_buffer"));
  constexpr std::uint64_t pieces = 1'000;
  buffer b;
  std::vector<std::uint64_t> begun;
  std::vector<std::uint64_t> taken;
  for (std::uint64_t opened = 0; taken.size() < pieces;) {
    if (opened < pieces && (begun.empty() || below(3, random) > 0)) {
      BOOST_TEST(b.open() == opened);
      begun.push_back(opened++);
    } else {
      const auto pick = begun.begin() + static_cast<std::ptrdiff_t>(
                                            below(begun.size(), random));
      b.close(*pick, *pick);
      begun.erase(pick);
    }
    for (; b.front() != nullptr; b.pop())
      taken.push_back(*b.front());
  }
  std::vector<std::uint64_t> expected(pieces);
  std::iota(expected.begin(), expected.end(), 0);
  BOOST_TEST(taken == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_result_holds_up_those_behind_it_and_nobody_else) {
  buffer b;
  const auto first = b.open(), second = b.open();
  b.close(second, 2);
  BOOST_TEST(b.front() == nullptr);
  b.close(first, 1);
  BOOST_TEST(*b.front() == 1U);
  b.pop();
  BOOST_TEST(*b.front() == 2U);
  BOOST_TEST(b.size() == 1U);
}

BOOST_AUTO_TEST_CASE(work_that_is_not_done_after_all_waits_again) {
  buffer b;
  const auto first = b.open(), second = b.open();
  b.close(first, 1);
  b.close(second, 2);
  b.reopen_front();
  BOOST_TEST(b.front() == nullptr);
  b.close(first, 7);
  BOOST_TEST(*b.front() == 7U);
}

BOOST_AUTO_TEST_CASE(a_result_for_no_open_work_is_an_error) {
  buffer b;
  BOOST_CHECK_THROW(b.close(0, 1), std::logic_error);
  const auto first = b.open();
  b.close(first, 1);
  BOOST_CHECK_THROW(b.close(first, 1), std::logic_error);
  b.pop();
  BOOST_CHECK_THROW(b.close(first, 1), std::logic_error);
  BOOST_CHECK_THROW(b.close(5, 1), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
