// SPDX-License-Identifier: Apache-2.0
#include "actors/base/threads.hpp"

#include <fmt/format.h>

#include <atomic>
#include <unistd.h>
#include <vector>

namespace chancery::actors {

no_thread::no_thread(const std::error_code& why)
    : std::runtime_error(
          fmt::format("cannot start a thread: {}; raise the limit of processes "
                      "(ulimit -u, or the container's pids limit), or use "
                      "fewer signers, validators or threads",
                      why.message())) {}

void end_without_a_thread(const std::error_code& why) {
  const auto line = fmt::format("chancery: {}\n", no_thread(why).what());
  [[maybe_unused]] const auto written =
      ::write(STDERR_FILENO, line.data(), line.size());
  ::_exit(1);
}

void require_threads(std::size_t count) {
  std::atomic<bool> over{false};
  struct release {
    std::atomic<bool>& over;
    ~release() {
      over = true;
      over.notify_all();
    }
  };
  std::vector<std::jthread> threads;
  threads.reserve(count);
  const release at_end{over}; // before the threads are joined
  while (threads.size() < count)
    threads.push_back(
        start_thread<std::jthread>([&over] { over.wait(false); }));
}

} // namespace chancery::actors
