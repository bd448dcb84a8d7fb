// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/units_out.hpp"

#include "actors/signing/lease_book.hpp"

#include <iterator>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

void units_out::add(std::string_view leases, unit u, time_point now) {
  const auto set = crypto::decode_leases(leases);
  const auto& lent = set.leases;
  const auto batches = decode_unit_batches(u.batches);
  sent_unit kept{std::move(u), {}};
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (i >= lent.size() || lent[i].fence != batches[i].fence)
      throw std::invalid_argument("a batch of a unit has no lease");
    kept.keys.push_back(lent[i].key);
  }
  const auto first = batches.empty() ? 0 : batches.front().fence;
  for (std::size_t i = 0; i < lent.size(); ++i)
    leases_[lent[i].fence] = {now + lender_wait(set.ttl_ms),
                              i < batches.size() ? first : 0};
  if (!batches.empty())
    units_[first] = std::move(kept);
}

std::optional<sent_unit> units_out::take(std::string_view batches) {
  const auto wanted = decode_unit_batches(batches);
  const auto i =
      wanted.empty() ? units_.end() : units_.find(wanted.front().fence);
  if (i == units_.end() || i->second.sent.batches != batches)
    return std::nullopt;
  auto found = std::move(i->second);
  units_.erase(i);
  return found;
}

void units_out::extend(const crypto::lease_set& renewed, time_point now) {
  for (const auto& lease : renewed.leases)
    if (const auto i = leases_.find(lease.fence); i != leases_.end())
      i->second.until = now + lender_wait(renewed.ttl_ms);
}

bool units_out::remove(std::uint64_t fence) {
  const auto i = leases_.find(fence);
  if (i == leases_.end())
    return false;
  units_.erase(i->second.unit);
  leases_.erase(i);
  return true;
}

void units_out::remove_expired(time_point now) {
  for (auto i = leases_.begin(); i != leases_.end();) {
    const auto next = std::next(i);
    if (i->second.until < now) {
      units_.erase(i->second.unit);
      leases_.erase(i);
    }
    i = next;
  }
}

} // namespace chancery::actors
