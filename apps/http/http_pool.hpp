// SPDX-License-Identifier: Apache-2.0
#pragma once

// The I/O threads of a server and the connections that live on them. Any
// thread.

#include "apps/http/http_parts.hpp"
#include "apps/http/http_socket.hpp"
#include "apps/http/http_tls.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace chancery::apps {

class http_pool {
 public:
  /// Throws actors::no_thread.
  http_pool(http_parts parts, unsigned threads);
  http_pool(const http_pool&) = delete;
  http_pool& operator=(const http_pool&) = delete;
  /// Closes all connections at once.
  ~http_pool();

  /// Of a connection that has entered the book. Without `tls` it is plain.
  void adopt(http_arrival arrival, std::uint64_t id, tls_settings tls);

  /// Closes a connection that is at rest.
  void ask_to_give_way(std::uint64_t id);

  /// Every answer that goes on ends with what there is of it; one that its
  /// peer does not take is broken off. Does not wait for that.
  void end_streams();

  /// How long one of the threads has not answered. It asks them, so the first
  /// call says 0.
  std::chrono::steady_clock::duration silence() const;

 private:
  class state;
  std::unique_ptr<state> state_;
};

} // namespace chancery::apps
