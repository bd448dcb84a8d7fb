// SPDX-License-Identifier: Apache-2.0
#pragma once

// A socket that a connection waits for. The functions that are called keep the
// owner of this object alive; none is called once it is closed.
//
// For the one file with Asio and Beast.

#include <utility>

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>

namespace chancery::apps {

class http_waiting {
 public:
  using socket = boost::asio::ip::tcp::socket;

  explicit http_waiting(socket waited_for) : socket_(std::move(waited_for)) {}

  /// Calls `then` when the socket can be read or written. A wait takes the
  /// place of the one before.
  template <class Function>
  void await(bool to_write, Function then) {
    socket_.async_wait(to_write ? socket::wait_write : socket::wait_read,
                       [this, then = std::move(then),
                        wait = ++waits_](const boost::system::error_code& e) {
                         if (!e && wait == waits_)
                           then();
                       });
  }
  void forget() noexcept { ++waits_; }

  /// Calls `then` when the socket can be read, beside other waits. One at a
  /// time: until it is called, further ones do nothing.
  template <class Function>
  void watch(Function then) {
    if (std::exchange(watches_, true))
      return;
    socket_.async_wait(
        socket::wait_read,
        [this, then = std::move(then)](const boost::system::error_code& e) {
          watches_ = false;
          if (!e)
            then();
        });
  }

  void close() noexcept {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  socket socket_;
  std::uint64_t waits_ = 0;
  bool watches_ = false;
};

} // namespace chancery::apps
