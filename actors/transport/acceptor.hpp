// SPDX-License-Identifier: Apache-2.0
#pragma once

// Accepts connections and hands their sockets over. When there is no file
// descriptor left it says so and waits for a tick, instead of trying again at
// once for ever. For the thread of the io_context.

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

  /// Goes on where it had to wait.
  void tick();

  void close();

 private:
  boost::asio::ip::tcp::acceptor acceptor_;
  events on_;
  bool paused_ = false;
};

} // namespace chancery::actors
