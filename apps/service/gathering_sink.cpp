// SPDX-License-Identifier: Apache-2.0
#include "apps/service/gathering_sink.hpp"

#include "actors/base/threads.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace chancery::apps {

namespace {

/// How long the first line of a write waits for others.
constexpr std::chrono::milliseconds gathering_time{20};

} // namespace

gathering_sink::gathering_sink(std::function<void(std::string_view)> write,
                               std::size_t waiting_max)
    : write_(std::move(write)), waiting_max_(waiting_max),
      writer_(actors::start_thread([this] { write_lines(); })) {}

gathering_sink::~gathering_sink() {
  {
    const std::scoped_lock lock(lines_mutex_);
    ended_ = true;
  }
  changed_.notify_one();
  writer_.join();
}

std::uint64_t gathering_sink::dropped() const {
  const std::scoped_lock lock(lines_mutex_);
  return dropped_;
}

void gathering_sink::sink_it_(const spdlog::details::log_msg& line) {
  spdlog::memory_buf_t text;
  formatter_->format(line, text);
  const std::scoped_lock lock(lines_mutex_);
  if (text.size() > waiting_max_ / 2) {
    ++dropped_;
    return;
  }
  if (text.size() > waiting_max_ - waiting_.size())
    drop_older_half();
  const bool first = waiting_.empty();
  waiting_.append(text.data(), text.size());
  if (first)
    changed_.notify_one();
}

void gathering_sink::drop_older_half() {
  const auto end =
      waiting_.begin() +
      static_cast<std::ptrdiff_t>(waiting_.find('\n', waiting_.size() / 2) + 1);
  dropped_ +=
      static_cast<std::uint64_t>(std::count(waiting_.begin(), end, '\n'));
  waiting_.erase(waiting_.begin(), end);
}

void gathering_sink::write_lines() {
  std::string lines;
  std::unique_lock lock(lines_mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
    if (waiting_.empty())
      return;
    changed_.wait_for(lock, gathering_time, [this] { return ended_; });
    lines.clear();
    lines.swap(waiting_);
    lock.unlock();
    write_(lines);
    lock.lock();
  }
}

} // namespace chancery::apps
