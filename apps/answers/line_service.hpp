// SPDX-License-Identifier: Apache-2.0
#pragma once

// Answers lines: hands in each line that is read, and writes its answer as a
// line of JSON, in the order of arrival. Every line gets one, an empty one too,
// and so does a last one without its newline; one longer than a message can be
// is read past in bounded memory, and the node gets one in its place that it
// refuses for its length. So many lines may wait for their
// answers at a time; then reading waits too.

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
  /// Called on the thread that serves, in the order of the lines.
  std::function<std::future<actors::ledger_answer>(std::string)> submit;
  /// Reading ends within a quarter of a second once it answers true.
  std::function<bool()> stop;
};

struct lines_served {
  std::uint64_t lines = 0;
  /// errno of the write that failed; reading ended there, and what was under
  /// way came to its end without being told to anybody.
  int write_error = 0;
};

/// Serves until the input ends or `stop`, and returns when every line that was
/// read is answered. SIGPIPE must be ignored. Throws std::runtime_error when
/// the input cannot be read.
lines_served serve(const line_service& service);

} // namespace chancery::apps
