// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/input_lines.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace chancery::apps {

namespace {

constexpr std::size_t read_size = 256 * 1024;
constexpr int wait_ms = 200;

} // namespace

input_lines::input_lines(int fd, std::size_t line_size_max,
                         const std::atomic<bool>& stop)
    : input_lines(fd, line_size_max, [&stop] { return stop.load(); }) {}

input_lines::input_lines(int fd, std::size_t line_size_max,
                         std::function<bool()> stop)
    : fd_(fd), line_size_max_(line_size_max), stop_(std::move(stop)) {}

std::optional<std::string_view> input_lines::next() {
  for (std::size_t looked = 0;;) {
    const auto end = buffer_.find('\n', begin_ + looked);
    const bool whole = end != std::string::npos;
    const auto size = (whole ? end : buffer_.size()) - begin_;
    if (size > line_size_max_)
      throw line_too_long(
          fmt::format("is longer than {} bytes", line_size_max_));
    if (whole || (ended_ && size > 0)) {
      const auto line = std::string_view(buffer_).substr(begin_, size);
      begin_ += size + (whole ? 1 : 0);
      return line;
    }
    looked = size;
    if (ended_ || !fill())
      return std::nullopt;
  }
}

bool input_lines::skip() {
  for (bool any = false;;) {
    const auto end = buffer_.find('\n', begin_);
    if (end != std::string::npos) {
      begin_ = end + 1;
      return true;
    }
    any = any || begin_ < buffer_.size();
    begin_ = buffer_.size();
    if (ended_ || !fill())
      return any;
  }
}

// False when stopped; at the end of the input it sets ended_.
bool input_lines::fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  const auto size = buffer_.size();
  pollfd input{fd_, POLLIN, 0};
  // Checks `stop` before every read, as a regular file or an endless line is
  // always ready, and during a wait, as a pipe may stay empty forever.
  do {
    if (stop_())
      return false;
  } while (::poll(&input, 1, wait_ms) == 0);
  buffer_.resize(size + read_size);
  ssize_t n = 0;
  do
    n = ::read(fd_, buffer_.data() + size, read_size);
  while (n < 0 && errno == EINTR);
  if (n < 0) {
    const int code = errno;
    buffer_.resize(size);
    throw std::runtime_error(
        fmt::format("cannot read the input: {}", std::strerror(code)));
  }
  buffer_.resize(size + static_cast<std::size_t>(n));
  ended_ = n == 0;
  return true;
}

} // namespace chancery::apps
