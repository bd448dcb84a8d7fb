// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a request to its answer: checks what is common to all routes (host,
// origin, token, scope, method, parameters, content type), and calls the
// route's handler. It knows no socket: http_server calls handler(), and so may
// a test. Every answer has a Request-Id, and every refusal is a problem
// document.
//
// Any thread may call the handler. Answers that may take over a millisecond
// come from a pool, and requests that wait for something are on a list; beyond
// the places of either a request is refused as busy.

#include "apps/api/caller_check.hpp"
#include "apps/api/route_table.hpp"
#include "apps/http/http_message.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace chancery::apps {

/// What is logged and counted of a request. Nothing secret is in it.
struct answered_request {
  std::string id;
  std::string method;  ///< as sent, if it is one that a route has; else "other"
  std::string pattern; ///< of the route; empty: none
  int status = 0;
  double seconds = 0;
  std::uint64_t bytes = 0; ///< of the answer's body
  bool stream = false;     ///< an answer that went on until now
  std::string caller;      ///< name of the token; empty: none
};

struct api_options {
  caller_rules callers;
  /// Receives each request once it is answered, and that of a stream once it
  /// has ended. Any thread; must not wait.
  std::function<void(const answered_request&)> log{};
  /// Receives why a request was answered as internal: its id and a sentence.
  /// Any thread; must not wait.
  std::function<void(const std::string& id, const std::string& why)> failed{};
  /// How long what waits is not looked at when nothing wakes it.
  std::chrono::milliseconds between_attempts{100};
};

class api {
 public:
  api(route_table routes, api_options options);
  api(const api&) = delete;
  api& operator=(const api&) = delete;
  /// What waits in the pool is dropped.
  ~api();

  /// Valid as long as the api.
  http_handler handler();

  const route_table& routes() const noexcept;

  /// Takes the place of the tokens so far. Any thread.
  void set_tokens(std::shared_ptr<const token_book> tokens);

  /// What requests wait for may have come: they look soon. Cheap; any thread.
  void wake();

  /// No request waits from now on for something to come: all that do are
  /// answered as it is.
  void end_waits();

  /// From now on every request is refused as stopping.
  void stop();

 private:
  class state;
  std::shared_ptr<state> state_;
};

} // namespace chancery::apps
