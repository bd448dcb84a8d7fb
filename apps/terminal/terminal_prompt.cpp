// SPDX-License-Identifier: Apache-2.0
#include "apps/terminal/terminal_prompt.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <termios.h>
#include <unistd.h>

namespace chancery::apps {

namespace {

// SIGALRM ends what hangs after a signal (platform/early_signals.hpp).
constexpr std::array ending_signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM};

termios terminal_before;

// Async-signal-safe calls only.
void restore_and_die(int number) {
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal_before);
  if (number == SIGALRM)
    ::_exit(1);
  std::signal(number, SIG_DFL);
  ::raise(number);
}

/// Turns echo off for a scope; a signal that ends the process restores it, too.
class echo_off {
 public:
  echo_off() {
    if (::tcgetattr(STDIN_FILENO, &terminal_before) != 0)
      throw std::runtime_error("cannot prompt for a passphrase: the terminal's "
                               "echo cannot be turned off");
    for (std::size_t i = 0; i < ending_signals.size(); ++i)
      handlers_[i] = std::signal(ending_signals[i], &restore_and_die);
    termios silent = terminal_before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  echo_off(const echo_off&) = delete;
  echo_off& operator=(const echo_off&) = delete;
  ~echo_off() {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal_before);
    for (std::size_t i = 0; i < ending_signals.size(); ++i)
      std::signal(ending_signals[i], handlers_[i]);
  }

 private:
  std::array<void (*)(int), ending_signals.size()> handlers_{};
};

crypto::secret_string read_line() {
  crypto::secret_string line;
  line.reserve(1024);
  for (;;) {
    char c = 0;
    const ssize_t n = ::read(STDIN_FILENO, &c, 1);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0 || c == '\n')
      return line;
    line.push_back(c);
  }
}

} // namespace

std::optional<crypto::secret_string>
prompt_secret(const std::string& question) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1)
    return std::nullopt;
  crypto::secret_string line;
  {
    const echo_off silent;
    std::fprintf(stderr, "%s: ", question.c_str());
    std::fflush(stderr);
    line = read_line();
  }
  std::fputc('\n', stderr);
  return line;
}

} // namespace chancery::apps
