// SPDX-License-Identifier: Apache-2.0
#include "apps/records/numbered_lines.hpp"

#include "apps/platform/new_file.hpp"
#include "apps/records/import_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace chancery::apps {

namespace {

int opened(const std::filesystem::path& input) {
  const int fd =
      input == "-" ? STDIN_FILENO : ::open(input.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    throw_file_error("read", input);
  return fd;
}

} // namespace

numbered_lines::numbered_lines(const std::filesystem::path& input,
                               std::size_t line_size_max,
                               const std::atomic<bool>& stop)
    : fd_(opened(input)), lines_(fd_, line_size_max, stop) {}

numbered_lines::~numbered_lines() {
  if (fd_ != STDIN_FILENO)
    ::close(fd_);
}

std::optional<std::string_view> numbered_lines::next() {
  leave_out();
  ++number_;
  try {
    return lines_.next();
  } catch (const line_too_long& e) {
    too_long_ = true;
    throw bad_input(fmt::format("{} {}", place(), e.what()));
  }
}

bool numbered_lines::skip() {
  leave_out();
  ++number_;
  return lines_.skip();
}

std::string numbered_lines::place() const {
  return fmt::format("line {}", number_);
}

void numbered_lines::leave_out() {
  if (too_long_)
    lines_.skip();
  too_long_ = false;
}

} // namespace chancery::apps
