// SPDX-License-Identifier: Apache-2.0
#pragma once

// Starts threads, with an error in words where the system has no more: a host,
// a container or a user may be limited in them. Any thread.

#include <cstddef>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace chancery::actors {

/// The system starts no more threads; what() says what helps.
class no_thread : public std::runtime_error {
 public:
  explicit no_thread(const std::error_code& why);
};

/// A std::thread or std::jthread that calls `function`. Throws no_thread.
template <class Thread = std::thread, class Function>
Thread start_thread(Function&& function) {
  try {
    return Thread(std::forward<Function>(function));
  } catch (const std::system_error& e) {
    throw no_thread(e.code());
  }
}

/// Ends the process with the sentence of no_thread and exit code 1, without
/// destructors: for what CAF cannot undo.
[[noreturn]] void end_without_a_thread(const std::error_code& why);

/// Calls `start`, which starts threads of CAF, and ends the process if one is
/// missing.
template <class Function>
void start_or_end(Function&& start) {
  try {
    start();
  } catch (const std::system_error& e) {
    end_without_a_thread(e.code());
  }
}

/// Throws no_thread unless the system can start this many threads now. They
/// have ended when it returns, so that others may take their places.
void require_threads(std::size_t count);

} // namespace chancery::actors
