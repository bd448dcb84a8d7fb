// SPDX-License-Identifier: Apache-2.0
#pragma once

// A TCP proxy on loopback that adds delay and limits bandwidth: it accepts
// connections at its own port and forwards their bytes to another port. It
// simulates a distant host where the kernel has no netem. IPv4 only; runs its
// own threads, and any thread may call it.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace chancery::tests {

class slow_line {
 public:
  struct options {
    std::uint16_t to = 0;               ///< port on 127.0.0.1
    std::chrono::milliseconds delay{0}; ///< each way
    std::size_t bytes_per_second = 0;   ///< each way; 0: no limit
  };

  /// Accepts connections once it returns. Throws std::system_error.
  explicit slow_line(options o);
  slow_line(const slow_line&) = delete;
  slow_line& operator=(const slow_line&) = delete;
  /// Cuts all connections.
  ~slow_line();

  std::uint16_t port() const noexcept { return port_; }

  /// Cuts all current connections; new ones are accepted.
  void cut();

 private:
  void accept();
  void carry(int from, int to);

  options options_;
  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> over_{false};
  std::mutex mutex_; // guards the next two
  std::vector<int> connected_;
  std::vector<std::thread> carriers_;
  std::thread acceptor_;
};

} // namespace chancery::tests
