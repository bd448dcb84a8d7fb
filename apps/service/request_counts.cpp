// SPDX-License-Identifier: Apache-2.0
#include "apps/service/request_counts.hpp"

#include <algorithm>
#include <cstddef>

namespace chancery::apps {

void request_counts::add(const answered_request& line) {
  const auto bound =
      std::ranges::lower_bound(answer_times::bounds, line.seconds);
  const auto at =
      static_cast<std::size_t>(bound - answer_times::bounds.begin());
  const std::scoped_lock lock(mutex_);
  ++requests_[{line.pattern, line.method, line.status}];
  if (line.stream)
    return; // its time is the reader's
  auto& times = times_[line.pattern];
  ++times.answers[at];
  times.seconds += line.seconds;
}

std::map<request_counts::kind, std::uint64_t> request_counts::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

std::map<std::string, answer_times> request_counts::times() const {
  const std::scoped_lock lock(mutex_);
  return times_;
}

} // namespace chancery::apps
