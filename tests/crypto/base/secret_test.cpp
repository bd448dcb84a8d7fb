// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/secret.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>

BOOST_AUTO_TEST_SUITE(secret_test)

using namespace chancery::crypto;

BOOST_AUTO_TEST_CASE(wiping_leaves_zeros) {
  std::array<std::byte, 40> memory;
  memory.fill(std::byte{0x5a});
  wipe(memory);
  BOOST_TEST((std::count(memory.begin(), memory.end(), std::byte{0}) == 40));
  wipe(std::span<std::byte>{});
}

BOOST_AUTO_TEST_CASE(a_wiped_text_is_empty_and_its_memory_zero) {
  std::string text(40, 'x');
  const auto* memory = text.data();
  wipe(text);
  BOOST_TEST(text.empty());
  // The string keeps its memory until it is destroyed.
  BOOST_TEST((memory == text.data()));
  text.resize(0);
  BOOST_TEST(text.capacity() >= 40U);
}

BOOST_AUTO_TEST_SUITE_END()
