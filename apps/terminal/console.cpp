// SPDX-License-Identifier: Apache-2.0
#include "apps/terminal/console.hpp"

#include "apps/terminal/safe_text.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <sys/ioctl.h>
#include <unistd.h>

namespace chancery::apps {

namespace {

struct stderr_state {
  std::mutex mutex;
  std::string live;
};

stderr_state& state() {
  static stderr_state the_one;
  return the_one;
}

void write_stderr(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

std::size_t columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 80;
}

constexpr std::string_view erase_line = "\r\x1b[K";

void write_stdout(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size())
    finish_output();
}

} // namespace

void say(std::string_view line) {
  write_stdout(safe_lines(line));
  write_stdout("\n");
}

void answer(const nlohmann::ordered_json& value) {
  // Paths and file contents in an answer need not be UTF-8.
  write_stdout(safe_json(value.dump(
      -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)));
  write_stdout("\n");
}

void put(std::string_view bytes) {
  static const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  if (terminal)
    write_stdout(safe_lines(bytes));
  else
    write_stdout(bytes);
}

void finish_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    const int code = errno;
    std::clearerr(stdout);
    throw std::runtime_error(fmt::format(
        "cannot write the answer to standard output: {}", std::strerror(code)));
  }
}

void note(std::string_view line) {
  const std::lock_guard lock(state().mutex);
  if (!state().live.empty())
    write_stderr(erase_line);
  write_stderr(fmt::format("chancery: {}\n{}", one_line(line), state().live));
}

void warn(std::string_view line) { note(fmt::format("warning: {}", line)); }

bool live_console() {
  static const bool live = ::isatty(STDERR_FILENO) == 1;
  return live;
}

void show_live(std::string_view line) {
  const std::lock_guard lock(state().mutex);
  if (line.empty() && state().live.empty())
    return;
  state().live = one_line(line).substr(0, columns() - 1);
  write_stderr(fmt::format("{}{}", erase_line, state().live));
}

} // namespace chancery::apps
