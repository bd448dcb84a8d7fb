// SPDX-License-Identifier: Apache-2.0
#pragma once

// The service's log: a line for each request, and one for what went wrong, on
// stderr. Lines gather for the thread that writes them, so no request waits for
// a slow terminal; when too many wait, the oldest give way and are counted. A
// line holds nothing that a peer chose freely but its Request-Id, which has
// letters, digits, dots, hyphens and underscores.

#include "apps/api/api.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace spdlog {
class logger;
} // namespace spdlog

namespace chancery::apps {

class gathering_sink;

enum class log_format {
  text, ///< "2026-12-01T08:00:00.000Z request GET /v1/node 200 ..."
  json, ///< one object a line
};

class request_log {
 public:
  explicit request_log(log_format format);
  request_log(const request_log&) = delete;
  request_log& operator=(const request_log&) = delete;
  /// Writes what waits.
  ~request_log();

  /// Any thread; never waits.
  void request(const answered_request& line);
  void failure(const std::string& id, const std::string& why);

  /// Lines that were not written, since the start.
  std::uint64_t dropped() const;

 private:
  const log_format format_;
  std::shared_ptr<gathering_sink> sink_;
  std::shared_ptr<spdlog::logger> logger_;
};

} // namespace chancery::apps
