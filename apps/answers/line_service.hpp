// SPDX-License-Identifier: Apache-2.0
#pragma once

// Submits each line that it reads to the node, and writes the answer as a line
// of JSON, in the order of arrival. A line ends with LF or CR LF. Every line
// gets an answer, also an empty one and a last one without a newline. A line
// over the size limit of a message is skipped in bounded memory; the node gets
// an oversized line in its place and refuses it. When lines_waiting_max lines
// wait for their answers, reading waits too.

#include "actors/systems/ledger_node.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <string>

namespace chancery::apps {

inline constexpr std::size_t lines_waiting_max = 1024;

struct line_service {
  int input = 0;
  int output = 1;
  /// Called on the thread of serve(), in the order of the lines.
  std::function<std::future<actors::ledger_answer>(std::string)> submit;
  /// Reading ends within a quarter of a second once it returns true.
  std::function<bool()> stop;
};

struct lines_served {
  std::uint64_t lines = 0;
  /// errno of the write that failed, or 0. Reading stopped there; lines already
  /// submitted were completed, but their answers were dropped.
  int write_error = 0;
};

/// Serves until the input ends or `stop` returns true, and returns when every
/// line that was read is answered. SIGPIPE must be ignored. Throws
/// std::runtime_error when the input cannot be read.
lines_served serve(const line_service& service);

} // namespace chancery::apps
