// SPDX-License-Identifier: Apache-2.0
#pragma once

// Accepts connections and hands over their sockets. On an error, such as no
// file descriptor left, it reports the error and pauses until the next tick,
// instead of retrying in a busy loop. Only on the io_context's thread.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace chancery::actors {

class acceptor {
 public:
  struct events {
    std::function<void(boost::asio::ip::tcp::socket)> accepted;
    std::function<void(const std::string&)> failed;
  };

  /// Throws std::runtime_error for an address that cannot be listened on.
  acceptor(boost::asio::io_context& context, const std::string& address,
           std::uint16_t port, events on);

  std::uint16_t port() const;

  void start();

  /// Resumes after such a pause.
  void tick();

  void close();

 private:
  boost::asio::ip::tcp::acceptor acceptor_;
  events on_;
  bool paused_ = false;
};

} // namespace chancery::actors
