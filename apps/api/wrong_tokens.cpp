// SPDX-License-Identifier: Apache-2.0
#include "apps/api/wrong_tokens.hpp"

#include <algorithm>

namespace chancery::apps {

void wrong_tokens::add(const std::string& address, time now) {
  const std::scoped_lock lock(mutex_);
  auto& found = counts_[address];
  if (now - found.last > memory)
    found.seen = 0;
  ++found.seen;
  found.last = now;
  if (counts_.size() > addresses_max)
    counts_.erase(std::ranges::min_element(
        counts_, {}, [](const auto& entry) { return entry.second.last; }));
}

bool wrong_tokens::to_be_slowed(const std::string& address, time now) const {
  const std::scoped_lock lock(mutex_);
  const auto found = counts_.find(address);
  return found != counts_.end() && found->second.seen >= free_of_delay &&
         now - found->second.last <= memory;
}

} // namespace chancery::apps
