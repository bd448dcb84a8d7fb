// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/arrival_book.hpp"

#include <algorithm>
#include <stdexcept>

namespace chancery::actors {

void arrival_book::came(std::uint64_t first, std::uint64_t time_ms) {
  if (!groups_.empty() && first <= groups_.back().first)
    throw std::invalid_argument("these records came before");
  groups_.push_back({first, time_ms});
}

std::uint64_t arrival_book::due_ms(std::uint64_t id) const {
  const auto next = std::ranges::upper_bound(groups_, id, {}, &group::first);
  return next == groups_.begin() ? 0 : std::prev(next)->time_ms + max_wait_ms_;
}

// The group of `id` itself stays.
void arrival_book::forget_before(std::uint64_t id) {
  while (groups_.size() > 1 && groups_[1].first <= id)
    groups_.pop_front();
}

} // namespace chancery::actors
