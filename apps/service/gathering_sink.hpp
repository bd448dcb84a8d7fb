// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the lines of a busy log gather, so that a thread writes many of them
// at a time: a write and a wake-up for each line cost as much as the answer
// that the line is about. Where there are too many, the older half gives way.

#include <spdlog/sinks/base_sink.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace chancery::apps {

class gathering_sink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  /// `write` is called on the sink's thread with whole lines, and may wait; at
  /// most `waiting_max` octets wait for it. A line of over half of that is
  /// dropped.
  gathering_sink(std::function<void(std::string_view lines)> write,
                 std::size_t waiting_max);
  gathering_sink(const gathering_sink&) = delete;
  gathering_sink& operator=(const gathering_sink&) = delete;
  /// Writes what waits.
  ~gathering_sink() override;

  /// Lines that were not written, since the start. Any thread.
  std::uint64_t dropped() const;

 private:
  void sink_it_(const spdlog::details::log_msg& line) override;
  void flush_() override {}

  void drop_older_half();
  void write_lines();

  const std::function<void(std::string_view)> write_;
  const std::size_t waiting_max_;
  mutable std::mutex lines_mutex_; ///< of what follows
  std::condition_variable changed_;
  std::string waiting_;
  std::uint64_t dropped_ = 0;
  bool ended_ = false;
  std::thread writer_;
};

} // namespace chancery::apps
