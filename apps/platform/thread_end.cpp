// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/thread_end.hpp"

#include <filesystem>
#include <iterator>
#include <thread>

namespace chancery::apps {

namespace {

constexpr auto look_pause = std::chrono::milliseconds(1);

/// May still count a thread that is ending; the next call does not.
std::ptrdiff_t thread_count() {
  std::error_code error;
  const std::filesystem::directory_iterator tasks("/proc/self/task", error);
  return error ? 1 : std::distance(begin(tasks), end(tasks));
}

} // namespace

bool await_other_threads(std::chrono::milliseconds limit) {
  const auto over = std::chrono::steady_clock::now() + limit;
  while (thread_count() > 1) {
    if (std::chrono::steady_clock::now() >= over)
      return false;
    std::this_thread::sleep_for(look_pause);
  }
  return true;
}

} // namespace chancery::apps
