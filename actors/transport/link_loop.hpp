// SPDX-License-Identifier: Apache-2.0
#pragma once

// The thread on which links live, with its io_context and the one timer that
// serves all their deadlines.

#include "actors/transport/link.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace chancery::actors {

/// Posts work to a loop from any thread. Work posted after silence() is
/// dropped.
class loop_bell {
 public:
  explicit loop_bell(boost::asio::io_context& context) : context_(&context) {}

  void post(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    if (context_ != nullptr)
      boost::asio::post(*context_, std::move(work));
  }

  void silence() {
    const std::lock_guard lock(mutex_);
    context_ = nullptr;
  }

 private:
  std::mutex mutex_;
  boost::asio::io_context* context_;
};

class link_loop {
 public:
  /// `on_tick` runs every link_tick, on the loop's thread.
  explicit link_loop(std::function<void()> on_tick);
  link_loop(const link_loop&) = delete;
  link_loop& operator=(const link_loop&) = delete;
  ~link_loop();

  /// Starts the thread. Throws no_thread.
  void start();

  /// Runs `last` on the loop's thread, then stops and joins it. Idempotent.
  void stop(std::function<void()> last);

  boost::asio::io_context& context() noexcept { return context_; }
  const std::shared_ptr<loop_bell>& bell() const noexcept { return bell_; }

 private:
  void await_tick();

  boost::asio::io_context context_{1};
  boost::asio::steady_timer timer_{context_};
  std::function<void()> on_tick_;
  std::shared_ptr<loop_bell> bell_ = std::make_shared<loop_bell>(context_);
  std::thread thread_;
};

} // namespace chancery::actors
