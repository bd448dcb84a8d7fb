// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/early_signals.hpp"

#include "apps/platform/signal_watch.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/wait.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(early_signals_test)

using namespace chancery::apps;

namespace {

/// Runs `body` in a child process, which exits with what it returns; gives the
/// exit code, or 128 + the signal's number.
template <class Body>
int end_of(Body body) {
  const pid_t child = ::fork();
  if (child == 0)
    ::_exit(body());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

constexpr int done = 7;

} // namespace

BOOST_AUTO_TEST_CASE(what_came_before_the_watch_sets_its_flag) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP})
    BOOST_TEST(end_of([number] {
                 hold_signals();
                 ::raise(number);
                 const signal_watch watch;
                 return watch.stop() ? done : 0;
               }) == done);
}

BOOST_AUTO_TEST_CASE(what_comes_after_the_watch_leaves_the_exit_code) {
  BOOST_TEST(end_of([] {
               hold_signals();
               { const signal_watch watch; }
               ::raise(SIGTERM);
               return done;
             }) == done);
}

BOOST_AUTO_TEST_CASE(a_second_one_ends_at_once) {
  BOOST_TEST(end_of([] {
               hold_signals();
               ::raise(SIGTERM);
               ::raise(SIGINT);
               return done;
             }) == 1);
}

BOOST_AUTO_TEST_CASE(one_that_nobody_takes_ends_what_hangs) {
  BOOST_TEST(end_of([] {
               hold_signals();
               ::raise(SIGTERM);
               BOOST_TEST(::alarm(0) > 0u); // it would end this process
               ::raise(SIGALRM);
               return done;
             }) == 1);
}

BOOST_AUTO_TEST_CASE(a_command_without_a_watch_ends_by_the_signal) {
  BOOST_TEST(end_of([] {
               hold_signals();
               ::raise(SIGTERM);
               release_signals();
               return done;
             }) == 128 + SIGTERM);
  BOOST_TEST(end_of([] {
               hold_signals();
               release_signals();
               ::raise(SIGINT);
               return done;
             }) == 128 + SIGINT);
}

BOOST_AUTO_TEST_CASE(what_the_parent_ignores_stays_ignored) {
  BOOST_TEST(end_of([] {
               std::signal(SIGINT, SIG_IGN);
               hold_signals();
               ::raise(SIGINT);
               release_signals();
               ::raise(SIGINT);
               return done;
             }) == done);
}

BOOST_AUTO_TEST_SUITE_END()
