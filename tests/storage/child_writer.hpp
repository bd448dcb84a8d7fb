// SPDX-License-Identifier: Apache-2.0
#pragma once

// A process that commits over and over, tells after each commit how much there
// is, and is killed in the middle of it.

#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdint>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

namespace chancery::tests {

class child_writer {
 public:
  /// Works in a child process, which is to call tell() with what it is given.
  explicit child_writer(const std::function<void(int)>& work) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    pid_ = start_child([&] { work(ends[1]); });
    ::close(ends[1]);
    told_ = ends[0];
  }
  child_writer(const child_writer&) = delete;
  child_writer& operator=(const child_writer&) = delete;
  ~child_writer() { kill(); }

  /// In the child.
  static void tell(int to, std::uint64_t count) {
    if (::write(to, &count, sizeof count) != sizeof count)
      ::_exit(3);
  }

  /// The next number that it told; 0 when it is dead and told all.
  std::uint64_t next() {
    std::uint64_t count = 0;
    return ::read(told_, &count, sizeof count) == sizeof count ? count : 0;
  }

  /// Returns the last number that it told.
  std::uint64_t kill() {
    if (pid_ == 0)
      return 0;
    ::kill(pid_, SIGKILL);
    std::uint64_t last = 0;
    while (const auto told = next())
      last = told;
    ::close(told_);
    BOOST_TEST(WTERMSIG(end_of(pid_)) == SIGKILL);
    pid_ = 0;
    return last;
  }

 private:
  pid_t pid_ = 0;
  int told_ = -1;
};

} // namespace chancery::tests
