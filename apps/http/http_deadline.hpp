// SPDX-License-Identifier: Apache-2.0
#pragma once

// A deadline that moves often and is seldom reached. The timer is left alone
// while it moves on, and looks at the newest one when it goes off.
//
// For the one file with Asio and Beast.

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace chancery::apps {

class http_deadline {
 public:
  using clock = std::chrono::steady_clock;

  explicit http_deadline(boost::asio::io_context& context) : timer_(context) {}

  void set(clock::time_point when) noexcept { when_ = when; }
  void set(std::chrono::milliseconds from_now) noexcept {
    when_ = clock::now() + from_now;
  }
  void clear() noexcept { when_ = clock::time_point::max(); }

  /// Calls `passed` once it has passed, unless it moves on or is cleared.
  /// `passed` keeps the owner of this object alive.
  template <class Function>
  void watch(Function passed) {
    if (when_ >= watched_)
      return;
    watched_ = when_;
    timer_.expires_at(when_);
    timer_.async_wait(
        [this, passed](const boost::system::error_code& error) mutable {
          if (error)
            return;
          watched_ = clock::time_point::max();
          if (clock::now() >= when_)
            passed();
          else
            watch(std::move(passed));
        });
  }

  void cancel() noexcept {
    boost::system::error_code ignored;
    timer_.cancel(ignored);
  }

 private:
  boost::asio::steady_timer timer_;
  clock::time_point when_ = clock::time_point::max();
  clock::time_point watched_ = clock::time_point::max();
};

} // namespace chancery::apps
