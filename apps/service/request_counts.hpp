// SPDX-License-Identifier: Apache-2.0
#pragma once

// Counts requests and how long their answers took, for metrics. Its size is
// bounded: routes, methods and statuses are few. Any thread.

#include "apps/api/api.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

namespace chancery::apps {

/// Of one route, without streams: answers within each bound, not cumulative;
/// the last counts those beyond all.
struct answer_times {
  static constexpr std::array<double, 11> bounds{
      0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10}; // seconds

  std::array<std::uint64_t, bounds.size() + 1> answers{};
  double seconds = 0; ///< of all together
};

class request_counts {
 public:
  /// Route, method, status. The route is empty where none fitted.
  using kind = std::tuple<std::string, std::string, int>;

  void add(const answered_request& line);

  std::map<kind, std::uint64_t> requests() const;
  std::map<std::string, answer_times> times() const; ///< by route

 private:
  mutable std::mutex mutex_;
  std::map<kind, std::uint64_t> requests_;
  std::map<std::string, answer_times> times_;
};

} // namespace chancery::apps
