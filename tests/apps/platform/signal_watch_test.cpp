// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/signal_watch.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <sys/wait.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(signal_watch_test)

using namespace std::chrono_literals;
using watch = chancery::apps::signal_watch;

namespace {

bool becomes_true(const std::atomic<bool>& flag) {
  for (int i = 0; i < 500 && !flag; ++i)
    std::this_thread::sleep_for(10ms);
  return flag;
}

/// Runs `body` in a child process and returns its wait status.
template <class Body>
int status_of(Body body) {
  const pid_t child = ::fork();
  if (child == 0) {
    body();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_signal_sets_the_flag) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    const watch w;
    BOOST_TEST(!w.stop());
    ::kill(::getpid(), number);
    BOOST_TEST(becomes_true(w.stop()));
  }
}

BOOST_AUTO_TEST_CASE(a_service_takes_a_hangup_as_a_request) {
  std::atomic<bool> asked{false};
  const watch w([&asked] { asked = true; });
  ::kill(::getpid(), SIGHUP);
  BOOST_TEST(becomes_true(asked));
  BOOST_TEST(!w.stop());
  ::kill(::getpid(), SIGTERM);
  BOOST_TEST(becomes_true(w.stop()));
}

BOOST_AUTO_TEST_CASE(a_second_signal_ends_the_process_at_once) {
  const int status = status_of([] {
    const watch w;
    ::kill(::getpid(), SIGTERM);
    becomes_true(w.stop());
    ::kill(::getpid(), SIGTERM);
    std::this_thread::sleep_for(10s);
  });
  BOOST_TEST(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 1);
}

BOOST_AUTO_TEST_CASE(after_the_watch_a_signal_kills_as_before) {
  const int status = status_of([] {
    { const watch w; }
    ::kill(::getpid(), SIGTERM);
    std::this_thread::sleep_for(10s);
  });
  BOOST_TEST(WIFSIGNALED(status));
  BOOST_TEST(WTERMSIG(status) == SIGTERM);
}

BOOST_AUTO_TEST_CASE(under_nohup_a_lost_terminal_means_nothing) {
  const int status = status_of([] {
    std::signal(SIGHUP, SIG_IGN);
    const watch w;
    ::kill(::getpid(), SIGHUP);
    std::this_thread::sleep_for(100ms);
    ::_exit(w.stop() ? 1 : 0);
  });
  BOOST_TEST(WEXITSTATUS(status) == 0);
}

BOOST_AUTO_TEST_CASE(under_nohup_a_service_takes_a_hangup_as_well) {
  const int status = status_of([] {
    std::signal(SIGHUP, SIG_IGN);
    std::atomic<bool> asked{false};
    const watch w([&asked] { asked = true; });
    ::kill(::getpid(), SIGHUP);
    ::_exit(becomes_true(asked) && !w.stop() ? 0 : 1);
  });
  BOOST_TEST(WEXITSTATUS(status) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
