// SPDX-License-Identifier: Apache-2.0
#pragma once

// An HTTP/1.1 server (RFC 9112), plain or over TLS 1.2 and 1.3. It knows no
// route: http_handler decides about each request. Requests of a connection are
// answered in their order, and the next one is read when the last is answered.
// Anything ambiguous is refused and the connection closed, so that no request
// can hide behind another.
//
// At connections_max a connection that only waits for its peer to close gives
// way, else the longest idle one; if there is none, or one address has
// connections_of_address_max, the new one is closed.

#include "apps/http/http_counters.hpp"
#include "apps/http/http_limits.hpp"
#include "apps/http/http_message.hpp"
#include "apps/http/http_tls.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace chancery::apps {

struct http_server_options {
  std::string address = "127.0.0.1"; ///< numeric
  std::uint16_t port = 0;            ///< 0: the system chooses
  std::optional<http_tls_files> tls{};
  http_limits limits{};
  unsigned threads = 2; ///< for input and output
};

/// Any thread, where nothing else is said.
class http_server {
 public:
  /// Listens when it returns. Throws std::runtime_error with a sentence for a
  /// taken port, an address of another host, or files that do not load.
  http_server(const http_server_options& options, http_handler handler);
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;
  /// Closes every connection at once. No call of the handler is running or
  /// begins once it returns; responders may still be called, and do nothing.
  ~http_server();

  std::uint16_t port() const noexcept;

  /// Reads the TLS files anew, for connections to come. Throws as the
  /// constructor, and then the former ones stay.
  void reload_tls();

  /// Takes no new connections, and answers the requests of which something has
  /// come, each with the end of its connection; streams end at once. False if
  /// some are left after `patience`. Then only destroy it. One thread at a
  /// time.
  bool drain(std::chrono::milliseconds patience);

  http_counters counters() const;

  /// How long one of its threads has not answered, which each call asks them:
  /// the first says 0.
  std::chrono::steady_clock::duration silence() const;

  class state;

 private:
  std::unique_ptr<state> state_;
};

} // namespace chancery::apps
