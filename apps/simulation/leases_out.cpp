// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/leases_out.hpp"

#include <algorithm>
#include <variant>

namespace chancery::apps {

void leases_out::look(const storage::record_store& store) {
  const auto view = store.read();
  auto events = view.walk(storage::table::journal);
  for (bool more = events.seek(next_); more; more = events.next()) {
    take(storage::decode_event(events.value()));
    next_ = events.key() + 1;
  }
}

std::size_t leases_out::of(const std::string& borrower) const {
  return static_cast<std::size_t>(
      std::count_if(out_.begin(), out_.end(), [&](const auto& lease) {
        return lease.second == borrower;
      }));
}

void leases_out::take(const storage::event& event) {
  for (const auto& lent : storage::leases_of(event))
    out_[lent.fence] = lent.borrower;
  for (const auto fence : storage::returns_of(event))
    out_.erase(fence);
  if (const auto* lost = std::get_if<storage::lease_lost>(&event))
    out_.erase(lost->fence);
  else if (std::holds_alternative<storage::epoch_opened>(event))
    out_.clear(); // those of the epoch before are not lent again
}

} // namespace chancery::apps
