// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/exit_watchdog.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(exit_watchdog_test)

namespace {

struct child_end {
  int status = 0;
  std::string errors; ///< what it wrote on stderr
};

/// Runs `life` in a child process.
template <class Life>
child_end end_of(const Life& life) {
  std::array<int, 2> ends{};
  BOOST_REQUIRE(::pipe(ends.data()) == 0);
  const auto child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    life();
    ::_exit(7);
  }
  ::close(ends[1]);
  child_end end;
  std::array<char, 256> buffer{};
  for (ssize_t got = 0;
       (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
    end.errors.append(buffer.data(), static_cast<std::size_t>(got));
  ::close(ends[0]);
  BOOST_REQUIRE(::waitpid(child, &end.status, 0) == child);
  return end;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_end_that_hangs_is_cut_off_with_one_line) {
  const auto end = end_of([] {
    actors::exit_watchdog dog(std::chrono::milliseconds(1));
    dog.arm();
    for (;;)
      ::pause();
  });
  BOOST_REQUIRE(WIFEXITED(end.status));
  BOOST_TEST(WEXITSTATUS(end.status) == 1);
  BOOST_TEST(end.errors.starts_with("chancery: "));
  BOOST_TEST(std::count(end.errors.begin(), end.errors.end(), '\n') == 1);
}

BOOST_AUTO_TEST_CASE(an_end_in_time_is_left_alone) {
  const auto end = end_of([] {
    actors::exit_watchdog dog(std::chrono::hours(1));
    dog.arm();
    dog.arm();
  });
  BOOST_REQUIRE(WIFEXITED(end.status));
  BOOST_TEST(WEXITSTATUS(end.status) == 7);
  BOOST_TEST(end.errors == "");
}

BOOST_AUTO_TEST_CASE(one_that_is_never_armed_watches_nothing) {
  const auto end = end_of([] {
    const actors::exit_watchdog dog(std::chrono::milliseconds(0));
    ::usleep(20'000);
  });
  BOOST_REQUIRE(WIFEXITED(end.status));
  BOOST_TEST(WEXITSTATUS(end.status) == 7);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
