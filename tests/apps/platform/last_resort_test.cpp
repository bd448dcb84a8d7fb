// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/last_resort.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(last_resort_test)

BOOST_AUTO_TEST_CASE(what_leaves_a_thread_is_said_and_the_exit_code_is_1) {
  std::array<int, 2> ends{};
  BOOST_REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    chancery::apps::end_in_words();
    std::thread([] { throw std::runtime_error("a wheel came off"); }).join();
    ::_exit(7);
  }
  ::close(ends[1]);
  std::array<char, 400> text{};
  const auto size = ::read(ends[0], text.data(), text.size());
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  BOOST_REQUIRE(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 1);
  const std::string said(text.data(), static_cast<std::size_t>(size));
  BOOST_TEST(said.starts_with("chancery: "), said);
  BOOST_TEST(said.find("a wheel came off") != std::string::npos, said);
}

BOOST_AUTO_TEST_SUITE_END()
