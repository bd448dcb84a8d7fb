// SPDX-License-Identifier: Apache-2.0
#pragma once

// A small HTTP/1.1 client for one connection, for the simulation and tests. It
// waits: one thread. A connection that the server closed while it was idle is
// opened again once.

#include "apps/http/http_message.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace chancery::apps {

struct http_client_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  /// Certificates to trust; empty: no TLS.
  std::filesystem::path server_ca{};
  /// Of this client, PEM; empty: none.
  std::filesystem::path certificate{};
  std::filesystem::path key{};
  std::chrono::milliseconds patience{30'000}; ///< for one answer
};

class http_client {
 public:
  /// Connects at the first request.
  explicit http_client(http_client_options options);
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;
  ~http_client();

  /// Host, Content-Length and User-Agent are added. Throws std::runtime_error
  /// when there is no whole answer in time.
  http_response send(const std::string& method, const std::string& target,
                     const http_fields& fields = {},
                     const std::string& body = {});

 private:
  class state;
  std::unique_ptr<state> state_;
};

} // namespace chancery::apps
