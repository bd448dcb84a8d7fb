// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/line_service.hpp"

#include "crypto/ledger/message.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

BOOST_AUTO_TEST_SUITE(line_service_test)

using namespace chancery;
using namespace std::chrono_literals;
using answer_future = std::future<actors::ledger_answer>;

namespace {

struct pipe_ends {
  pipe_ends() { BOOST_REQUIRE(::pipe2(fds, O_CLOEXEC) == 0); }
  pipe_ends(const pipe_ends&) = delete;
  pipe_ends& operator=(const pipe_ends&) = delete;
  ~pipe_ends() {
    close_read();
    close_write();
  }
  void close_read() { close_one(fds[0]); }
  void close_write() { close_one(fds[1]); }
  static void close_one(int& fd) {
    if (fd >= 0)
      ::close(fd);
    fd = -1;
  }
  int fds[2]{-1, -1};
};

void write_text(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(fd, text.data(), text.size());
    if (n <= 0)
      return;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::string read_rest(int fd) {
  std::string text;
  char part[4096];
  for (ssize_t n = 0; (n = ::read(fd, part, sizeof part)) > 0;)
    text.append(part, static_cast<std::size_t>(n));
  return text;
}

answer_future ready(std::string receipt) {
  std::promise<actors::ledger_answer> promise;
  promise.set_value({.receipt = std::move(receipt),
                     .registered = {},
                     .refused = {},
                     .reason = {}});
  return promise.get_future();
}

/// Answers an oversized line as a node would, and echoes any other.
answer_future echoed(std::string line) {
  return ready(line.size() > crypto::wire_size_max ? "too large"
                                                   : std::move(line));
}

bool never() { return false; }

/// Serves `input` with a node that echoes each line.
struct echo {
  explicit echo(const std::string& input) {
    pipe_ends in;
    pipe_ends out;
    std::jthread writer([&] {
      write_text(in.fds[1], input);
      in.close_write();
    });
    std::jthread reader([&] { output = read_rest(out.fds[0]); });
    served = apps::serve({.input = in.fds[0],
                          .output = out.fds[1],
                          .submit = echoed,
                          .stop = never});
    out.close_write();
  }
  std::string output;
  apps::lines_served served;
};

std::string receipt_line(const std::string& text) {
  return "{\"receipt\":\"" + text + "\"}\n";
}

} // namespace

BOOST_AUTO_TEST_CASE(every_line_gets_its_answer_in_order) {
  BOOST_TEST(echo("").output == "");
  BOOST_TEST(echo("a\nb\n\nc").output == receipt_line("a") + receipt_line("b") +
                                             receipt_line("") +
                                             receipt_line("c"));
  BOOST_TEST(echo("a\nb\n\nc").served.lines == 4U);
}

BOOST_AUTO_TEST_CASE(a_line_may_end_with_a_carriage_return_too) {
  BOOST_TEST(echo("a\r\nb\n\r\nc\r").output ==
             receipt_line("a") + receipt_line("b") + receipt_line("") +
                 receipt_line("c"));
  const std::string longest(crypto::wire_size_max, 'x');
  BOOST_TEST(echo(longest + "\r\nb\n").output ==
             receipt_line(longest) + receipt_line("b"));
  BOOST_TEST(echo(longest + "xx\r\nb\n").output ==
             receipt_line("too large") + receipt_line("b"));
}

BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_is_answered_and_the_next_is_read) {
  const std::string longest(crypto::wire_size_max, 'x');
  const echo whole(longest + "\nb");
  BOOST_TEST(whole.output == receipt_line(longest) + receipt_line("b"));
  for (const std::size_t more : {1U, 10'000'000U}) {
    const echo too_long("a\n" + longest + std::string(more, 'x') + "\nb\n");
    BOOST_TEST(too_long.output == receipt_line("a") +
                                      receipt_line("too large") +
                                      receipt_line("b"));
    BOOST_TEST(too_long.served.lines == 3U);
  }
  const echo last(longest + "xx");
  BOOST_TEST(last.output == receipt_line("too large"));
}

BOOST_AUTO_TEST_CASE(a_slow_answer_holds_back_the_quick_ones_behind_it) {
  pipe_ends in;
  pipe_ends out;
  write_text(in.fds[1], "slow\nquick\nquick\n");
  in.close_write();
  std::promise<actors::ledger_answer> slow;
  std::atomic<int> submitted{0};
  std::jthread answerer([&] {
    while (submitted < 3)
      std::this_thread::sleep_for(1ms);
    slow.set_value(
        {.receipt = "slow", .registered = {}, .refused = {}, .reason = {}});
  });
  apps::serve({.input = in.fds[0],
               .output = out.fds[1],
               .submit =
                   [&](const std::string& line) {
                     ++submitted;
                     return line == "slow" ? slow.get_future() : ready(line);
                   },
               .stop = never});
  out.close_write();
  BOOST_TEST(read_rest(out.fds[0]) == receipt_line("slow") +
                                          receipt_line("quick") +
                                          receipt_line("quick"));
}

BOOST_AUTO_TEST_CASE(reading_waits_when_too_many_lines_wait_for_answers) {
  pipe_ends in;
  pipe_ends out;
  constexpr std::size_t lines = apps::lines_waiting_max + 500;
  std::jthread writer([&] {
    write_text(in.fds[1], std::string(lines, '\n'));
    in.close_write();
  });
  std::jthread reader([&] { read_rest(out.fds[0]); });
  std::mutex mutex;
  std::vector<std::promise<actors::ledger_answer>> promises;
  std::size_t answered = 0;
  std::jthread answerer([&] {
    while (answered < lines) {
      std::this_thread::sleep_for(50us);
      const std::lock_guard lock(mutex);
      // Besides the queue: one with the printer and one being submitted.
      BOOST_REQUIRE(promises.size() - answered <= apps::lines_waiting_max + 2);
      if (answered < promises.size())
        promises[answered++].set_value({});
    }
  });
  const auto served =
      apps::serve({.input = in.fds[0],
                   .output = out.fds[1],
                   .submit =
                       [&](const std::string&) {
                         const std::lock_guard lock(mutex);
                         return promises.emplace_back().get_future();
                       },
                   .stop = never});
  out.close_write();
  BOOST_TEST(served.lines == lines);
}

BOOST_AUTO_TEST_CASE(a_node_that_breaks_its_promise_is_an_internal_refusal) {
  pipe_ends in;
  pipe_ends out;
  write_text(in.fds[1], "a\n");
  in.close_write();
  apps::serve({.input = in.fds[0],
               .output = out.fds[1],
               .submit =
                   [](const std::string&) {
                     return std::promise<actors::ledger_answer>().get_future();
                   },
               .stop = never});
  out.close_write();
  BOOST_TEST(read_rest(out.fds[0])
                 .starts_with("{\"refused\":\"internal\",\"reason\""));
}

BOOST_AUTO_TEST_CASE(
    a_stop_ends_a_wait_for_input_and_what_was_read_is_answered) {
  pipe_ends in;
  pipe_ends out;
  write_text(in.fds[1], "a\nb\nhalf a line");
  std::atomic<int> submitted{0};
  const auto served = apps::serve({.input = in.fds[0],
                                   .output = out.fds[1],
                                   .submit =
                                       [&](std::string line) {
                                         ++submitted;
                                         return ready(std::move(line));
                                       },
                                   .stop = [&] { return submitted == 2; }});
  out.close_write();
  BOOST_TEST(served.lines == 2U);
  BOOST_TEST(served.write_error == 0);
  BOOST_TEST(read_rest(out.fds[0]) == receipt_line("a") + receipt_line("b"));
}

BOOST_AUTO_TEST_CASE(an_output_that_nobody_reads_ends_it_with_a_word) {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  pipe_ends in;
  pipe_ends out;
  out.close_read();
  write_text(in.fds[1], "a\nb\n"); // the input stays open
  const auto served =
      apps::serve({.input = in.fds[0],
                   .output = out.fds[1],
                   .submit = [](std::string line) { return ready(line); },
                   .stop = never});
  BOOST_TEST(served.write_error == EPIPE);
  std::signal(SIGPIPE, before);
}

BOOST_AUTO_TEST_CASE(
    an_input_that_cannot_be_read_is_an_error_after_all_answers) {
  const int folder = ::open("/", O_RDONLY | O_CLOEXEC);
  pipe_ends out;
  BOOST_CHECK_THROW(
      apps::serve({.input = folder,
                   .output = out.fds[1],
                   .submit = [](std::string line) { return ready(line); },
                   .stop = never}),
      std::runtime_error);
  ::close(folder);
}

BOOST_AUTO_TEST_SUITE_END()
