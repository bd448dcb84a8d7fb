// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/random.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

BOOST_AUTO_TEST_SUITE(random_test)

using namespace chancery::crypto;

BOOST_AUTO_TEST_CASE(the_whole_span_is_filled_whatever_its_size) {
  const auto random = system_random();
  for (const std::size_t size : {0U, 1U, 31U, 257U, 100'000U}) {
    // Each byte differs from zero in at least one of many draws.
    std::vector<std::byte> seen(size);
    for (int draw = 0; draw < 20; ++draw) {
      std::vector<std::byte> bytes(size);
      random(bytes);
      for (std::size_t i = 0; i < size; ++i)
        seen[i] |= bytes[i];
    }
    BOOST_TEST(std::count(seen.begin(), seen.end(), std::byte{0}) == 0);
  }
}

BOOST_AUTO_TEST_CASE(two_draws_differ) {
  std::vector<std::byte> a(32), b(32);
  system_random()(a);
  system_random()(b);
  BOOST_TEST((a != b));
}

BOOST_AUTO_TEST_SUITE_END()
