// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/last_resort.hpp"

#include <exception>
#include <fmt/format.h>
#include <string>
#include <unistd.h>

namespace chancery::apps {

namespace {

std::string what_happened() {
  if (const auto thrown = std::current_exception()) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      return e.what();
    } catch (...) {
      return "an exception of an unknown type";
    }
  }
  return "an error that it cannot handle";
}

[[noreturn]] void end() {
  // No call that could wait for a lock of another thread.
  const auto line = fmt::format("chancery: the process ends at once: {}; what "
                                "is acknowledged is stored\n",
                                what_happened());
  [[maybe_unused]] const auto written =
      ::write(STDERR_FILENO, line.data(), line.size());
  ::_exit(1);
}

} // namespace

void end_in_words() { std::set_terminate(end); }

} // namespace chancery::apps
