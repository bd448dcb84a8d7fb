// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/child_process.hpp"

#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(child_process_test)

using namespace std::chrono_literals;
using chancery::apps::child_output;
using child = chancery::apps::child_process;
namespace fs = std::filesystem;

namespace {

/// Far longer than anything here takes.
constexpr auto patience = 300s;

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct place {
  chancery::tests::temp_folder temp;
  child_output output{temp.path() / "out", temp.path() / "err"};

  std::vector<std::string> script(const std::string& text) const {
    return {"-c", text};
  }

  /// Waits for the number that a script writes when it runs.
  pid_t number_in(const fs::path& path) const {
    for (;;) {
      const auto text = text_of(path);
      if (text.ends_with('\n'))
        return std::stoi(text);
      std::this_thread::sleep_for(10ms);
    }
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(its_code_answer_and_words_are_kept, place) {
  child first("/bin/sh", script("echo answer; echo words >&2; exit 3"), output);
  BOOST_TEST(first.wait(patience).value() == 3);
  child second("/bin/sh", script("echo other; echo more >&2"), output);
  BOOST_TEST(second.wait(patience).value() == 0);
  BOOST_TEST(text_of(output.answers) == "other\n");
  BOOST_TEST(text_of(output.words) == "words\nmore\n");
}

BOOST_FIXTURE_TEST_CASE(while_it_runs_it_has_no_code, place) {
  child c("/bin/sh", script("exec sleep 1000"), output);
  BOOST_TEST(!c.ended().has_value());
  BOOST_TEST(!c.wait(20ms).has_value());
  c.signal(SIGTERM);
  BOOST_TEST(c.wait(patience).value() == 128 + SIGTERM);
  c.signal(SIGTERM); // does nothing now
}

BOOST_FIXTURE_TEST_CASE(one_that_was_stopped_is_killed, place) {
  child c("/bin/sh", script("exec sleep 1000"), output);
  c.signal(SIGSTOP);
  c.kill();
  BOOST_TEST(c.ended().value() == 128 + SIGKILL);
}

BOOST_FIXTURE_TEST_CASE(it_ends_with_its_object, place) {
  pid_t pid = 0;
  {
    const child c("/bin/sh", script("exec sleep 1000"), output);
    pid = c.pid();
    BOOST_TEST(::kill(pid, 0) == 0);
  }
  BOOST_TEST(::kill(pid, 0) == -1);
  BOOST_TEST(errno == ESRCH);
}

BOOST_FIXTURE_TEST_CASE(it_ends_when_its_parent_is_killed, place) {
  const pid_t parent = ::fork();
  if (parent == 0) {
    const child c("/bin/sh", script("echo $$; exec sleep 1000"), output);
    for (;;)
      ::pause();
  }
  const auto grandchild = number_in(output.answers);
  BOOST_TEST(::kill(grandchild, 0) == 0);
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  // A zombie that nobody has reaped counts as gone.
  const auto gone = [&] {
    if (::kill(grandchild, 0) != 0)
      return true;
    const auto stat = text_of("/proc/" + std::to_string(grandchild) + "/stat");
    const auto at = stat.rfind(')');
    return at == std::string::npos || stat.at(at + 2) == 'Z';
  };
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!gone() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(10ms);
  BOOST_TEST(gone());
}

BOOST_FIXTURE_TEST_CASE(our_settings_are_not_the_childs, place) {
  ::setenv("CHANCERY_DATA", "ours", 1);
  ::setenv("OTHER_DATA", "everybodys", 1);
  child c("/bin/sh", script("echo \"$CHANCERY_DATA-$OTHER_DATA\""), output);
  c.wait(patience);
  ::unsetenv("CHANCERY_DATA");
  ::unsetenv("OTHER_DATA");
  BOOST_TEST(text_of(output.answers) == "-everybodys\n");
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_run_ends_with_127, place) {
  child c(temp.path() / "nothing", {}, output);
  BOOST_TEST(c.wait(patience).value() == 127);
}

BOOST_AUTO_TEST_SUITE_END()
