// SPDX-License-Identifier: Apache-2.0
#pragma once

// Accepts a server's connections on a thread of its own. Where the system has
// no descriptor left it pauses and tries again, and asks for room meanwhile.

#include "apps/http/http_socket.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <thread>

namespace chancery::apps {

class http_listener {
 public:
  struct events { ///< called on its thread
    std::function<void(http_arrival)> arrived;
    std::function<void()> no_descriptor;
  };

  /// Throws as listen_on, and actors::no_thread.
  http_listener(const std::string& address, std::uint16_t port, events on);
  http_listener(const http_listener&) = delete;
  http_listener& operator=(const http_listener&) = delete;
  ~http_listener();

  std::uint16_t port() const noexcept { return port_; }

  /// Closes the port. Nothing is called any more when it returns; one thread
  /// may call it, any number of times.
  void stop();

 private:
  void run();
  bool await(int milliseconds, bool arrivals) const;
  bool accept_some();

  http_socket listening_;
  http_socket stopping_; ///< an eventfd
  std::uint16_t port_;
  events on_;
  std::thread thread_;
};

} // namespace chancery::apps
