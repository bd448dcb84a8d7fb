// SPDX-License-Identifier: Apache-2.0
#pragma once

// A server whose handler tells what it was asked, and a client that sends any
// octets.

#include "apps/http/http_server.hpp"
#include "apps/http/http_socket.hpp"
#include "apps/http/http_stream.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace chancery::tests {

/// Waits for a condition, as long as a slow machine may need.
bool comes_true(const std::function<bool()>& condition);

/// Answers 200 with "GET /path?query body", and keeps what it was asked. Under
/// "/late" it keeps the responder instead, and under "/stream" it answers with
/// a stream and keeps its end.
class told_requests {
 public:
  apps::http_handler handler();

  std::vector<apps::http_request> served() const;
  bool was_served(std::string_view text) const;
  std::vector<apps::http_responder> take_late();
  std::size_t late() const;
  /// The first stream that nobody has taken; waits for it.
  apps::http_stream take_stream();

  std::atomic<std::size_t> unread_max{64 << 10}; ///< of streams
  std::atomic<std::uint64_t> body_max{std::uint64_t{1} << 20};
  /// Called with each request's target, on the thread that serves it.
  std::function<void(const std::string& text)> before = [](const auto&) {};

 private:
  void serve(apps::http_request request, const apps::http_responder& respond);

  mutable std::mutex mutex_;
  std::vector<apps::http_request> served_;
  std::vector<apps::http_responder> late_;
  std::list<apps::http_stream> streams_;
};

/// Options with a port of the system's choice, and a time of minutes for
/// everything that a test does not want to pass.
apps::http_server_options patient_options();

struct raw_answer {
  int status = 0;
  std::string head; ///< the fields, each with its CRLF
  std::string body;

  std::optional<std::string> field(std::string_view name) const;
};

/// A client of a port of this host.
class raw_http {
 public:
  explicit raw_http(std::uint16_t port, int receive_buffer = 0);

  /// False when the server takes no more.
  bool send(std::string_view octets) const;
  void end_writing() const;

  /// The next answer. Nothing when the connection ends before its end.
  std::optional<raw_answer> answer(bool without_body = false);
  /// The next octets, as many as this; fewer when the connection ends.
  std::string octets(std::size_t count);
  /// Of all answers until the server closes.
  std::vector<int> statuses();
  /// Whether the server closes; what it sends is dropped.
  bool is_closed();

  int get() const noexcept { return socket_.get(); }

 private:
  bool read_more();

  apps::http_socket socket_;
  std::string unread_;
};

} // namespace chancery::tests
