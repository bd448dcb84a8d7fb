// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shows the progress of long work while it exists: on a terminal one line that
// is rewritten four times a second, elsewhere a new line every 5 s if the text
// has changed. The numbers come from a function that is called on a separate
// thread, and once by the constructor.

#include "apps/terminal/ticker.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

namespace chancery::apps {

struct progress_sample {
  std::uint64_t done = 0;
  std::uint64_t total = 0;  ///< 0 when unknown
  std::uint64_t before = 0; ///< the part of `done` from before this work
  struct keys {
    std::uint64_t out = 0;
    std::uint64_t all = 0;
  };
  std::optional<keys> keys_out{};
  std::string more{}; ///< other figures, as text
};

/// The rate over the last 5 s, which predicts the time left better than the
/// rate since the start.
class recent_rate {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  void add(time_point when, std::uint64_t done);
  double per_second() const;

 private:
  struct mark {
    time_point when;
    std::uint64_t done;
  };
  std::deque<mark> marks_;
};

/// Limits the lines of a log: at most one every 5 s, and none that repeats the
/// last one.
class log_pace {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit log_pace(time_point start) : last_(start) {}

  bool wants(time_point now, const std::string& text);

 private:
  time_point last_;
  std::string text_;
};

/// "signing: 45,300 of 100,000 (45.3%), 51,234/s, 2 s left, 16 of 100 keys out"
std::string progress_text(const std::string& what,
                          const progress_sample& sample, double rate);

class progress_line {
 public:
  progress_line(std::string what, std::function<progress_sample()> sample);
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;
  ~progress_line();

 private:
  void show();

  std::string what_;
  std::function<progress_sample()> sample_;
  recent_rate rate_;
  log_pace log_;
  std::optional<ticker> ticker_;
};

} // namespace chancery::apps
