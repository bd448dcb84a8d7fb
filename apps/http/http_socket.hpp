// SPDX-License-Identifier: Apache-2.0
#pragma once

// Owns a socket's descriptor. Sockets made here do not block, and no child
// process inherits them.

#include "apps/http/http_message.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace chancery::apps {

class http_socket {
 public:
  http_socket() = default;
  explicit http_socket(int descriptor) noexcept : descriptor_(descriptor) {}
  http_socket(http_socket&& other) noexcept : descriptor_(other.release()) {}
  http_socket& operator=(http_socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~http_socket();

  int get() const noexcept { return descriptor_; }
  int release() noexcept { return std::exchange(descriptor_, -1); }
  explicit operator bool() const noexcept { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// Listens on a numeric address; port 0 lets the system choose. Throws
/// std::runtime_error with a sentence.
http_socket listen_on(const std::string& address, std::uint16_t port);

/// The port that it listens on.
std::uint16_t port_of(const http_socket& listening);

struct http_arrival {
  http_socket socket;
  http_peer peer; ///< its address, IPv4 also of an IPv6 socket's peers
};

/// The next connection that waits; none, with errno, where there is none.
std::optional<http_arrival> accept_from(const http_socket& listening);

/// Throws std::runtime_error with a sentence.
http_socket connect_to(const std::string& host, std::uint16_t port,
                       std::chrono::steady_clock::time_point deadline);

/// Waits until it can be read (or written). False at the deadline.
bool await_socket(const http_socket& socket, bool to_write,
                  std::chrono::steady_clock::time_point deadline);

} // namespace chancery::apps
