// SPDX-License-Identifier: Apache-2.0
#pragma once

// A process that commits in a loop, reports the number of stored entries after
// each commit, and is killed meanwhile.

#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

namespace chancery::tests {

class child_writer {
 public:
  /// Runs `work` in a child process. `work` passes its argument to tell().
  explicit child_writer(const std::function<void(int)>& work) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    // The child is at most 512 reports ahead of who reads them, so that a test
    // that looks at everything stored ends soon on a fast machine, too.
    BOOST_REQUIRE(::fcntl(ends[1], F_SETPIPE_SZ, 4'096) > 0);
    pid_ = start_child([&] { work(ends[1]); });
    ::close(ends[1]);
    told_ = ends[0];
  }
  child_writer(const child_writer&) = delete;
  child_writer& operator=(const child_writer&) = delete;
  ~child_writer() { kill(); }

  /// Reports a count to the parent; for the child.
  static void tell(int to, std::uint64_t count) {
    if (::write(to, &count, sizeof count) != sizeof count)
      ::_exit(3);
  }

  /// The next reported count; 0 once a dead child's reports are all read.
  std::uint64_t next() {
    std::uint64_t count = 0;
    return ::read(told_, &count, sizeof count) == sizeof count ? count : 0;
  }

  /// Kills the child and returns the last count that next() had not yet read;
  /// 0 if there is none.
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
