// SPDX-License-Identifier: Apache-2.0
#pragma once

// An API and the server that asks it, from the first connection to an orderly
// end.

#include "apps/api/api.hpp"
#include "apps/http/http_server.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

namespace chancery::apps {

class api_server {
 public:
  /// Listens when it returns; throws as http_server.
  api_server(const http_server_options& options, route_table routes,
             api_options setup)
      : api_(std::move(routes), std::move(setup)),
        server_(options, api_.handler()) {}
  api_server(const api_server&) = delete;
  api_server& operator=(const api_server&) = delete;
  /// Drops what is not answered.
  ~api_server() { api_.stop(); }

  std::uint16_t port() const noexcept { return server_.port(); }
  http_counters counters() const { return server_.counters(); }
  std::chrono::steady_clock::duration silence() const {
    return server_.silence();
  }

  void set_tokens(std::shared_ptr<const token_book> tokens) {
    api_.set_tokens(std::move(tokens));
  }
  /// As api::wake(). Any thread.
  void wake() { api_.wake(); }
  void reload_tls() { server_.reload_tls(); }

  /// Takes no new connections and answers what has come, as it is; false if
  /// some requests are left after `patience`.
  bool drain(std::chrono::milliseconds patience) {
    api_.end_waits();
    return server_.drain(patience);
  }

 private:
  api api_;
  http_server server_;
};

} // namespace chancery::apps
