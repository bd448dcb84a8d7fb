// SPDX-License-Identifier: Apache-2.0
#include "apps/service/signing_counts.hpp"

#include <algorithm>

namespace chancery::apps {

namespace {

constexpr std::size_t waits_asked_max = 16;

} // namespace

void signing_counts::add(const std::vector<storage::batch_row>& rows,
                         const storage::snapshot& view, std::uint64_t now_ms) {
  const std::scoped_lock lock(mutex_);
  for (const auto& row : rows)
    ++figures_.batches.at(static_cast<std::size_t>(row.reason));
  const auto asked = std::min(rows.size(), waits_asked_max);
  for (std::size_t i = 0; i < asked; ++i) {
    const auto came = view.arrival_of(rows[i].first);
    if (!came)
      continue;
    const auto waited = now_ms > came->time_ms ? now_ms - came->time_ms : 0;
    const auto seconds = static_cast<double>(waited) / 1e3;
    const auto bound = std::ranges::lower_bound(bounds, seconds);
    ++figures_.waits.at(static_cast<std::size_t>(bound - bounds.begin()));
    figures_.waited_seconds += seconds;
  }
}

signing_counts::figures signing_counts::read() const {
  const std::scoped_lock lock(mutex_);
  return figures_;
}

} // namespace chancery::apps
