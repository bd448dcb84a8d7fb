// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/lease_book.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

milliseconds lender_wait(std::uint32_t ttl_ms) {
  return milliseconds{std::uint64_t{ttl_ms} * 11 / 10 + 1000};
}

milliseconds lease_life(std::uint32_t ttl_ms, std::uint64_t unit_records) {
  return milliseconds{10 * (std::uint64_t{ttl_ms} + unit_records)};
}

lease_book::lease_book(std::uint32_t epoch,
                       std::vector<storage::key_name> order, bool check_fences)
    : epoch_(epoch), check_fences_(check_fences), keys_(std::move(order)) {
  for (key_index i = 0; i < keys_.size(); ++i) {
    if (!index_.emplace(keys_[i], i).second)
      throw std::invalid_argument("the key order names a key twice");
    queue_.push_young(i);
  }
}

std::vector<lent_key> lease_book::lend(std::size_t count,
                                       const lease_terms& terms) {
  std::vector<lent_key> lent;
  lent.reserve(std::min(count, queue_.size()));
  while (lent.size() < count && queue_.size() > 0) {
    if (counter_ == std::numeric_limits<std::uint32_t>::max())
      throw std::overflow_error("this epoch has no fences left");
    const auto key = *queue_.pop_oldest();
    const auto fence = std::uint64_t{epoch_} << 32 | ++counter_;
    out_.emplace_hint(out_.end(), fence, outstanding{key, terms, terms.now});
    lent.push_back({fence, keys_[key]});
  }
  return lent;
}

bool lease_book::give_back(const storage::key_name& key, std::uint64_t fence) {
  auto lease = out_.find(fence);
  if (!check_fences_ && lease == out_.end())
    lease = std::ranges::find_if(out_, [&](const auto& entry) {
      return keys_[entry.second.key] == key;
    });
  if (lease == out_.end() || keys_[lease->second.key] != key)
    return false;
  end(lease);
  return true;
}

bool lease_book::renew(const storage::key_name& key, std::uint64_t fence,
                       milliseconds now) {
  const auto lease = out_.find(fence);
  if (lease == out_.end() || keys_[lease->second.key] != key)
    return false;
  auto& terms = lease->second.terms;
  if (!terms.remote || now >= terms.now + lender_wait(terms.ttl_ms) ||
      too_old(fence, now) != nullptr)
    return false;
  terms.now = now;
  return true;
}

const lease_terms* lease_book::too_old(std::uint64_t fence,
                                       milliseconds now) const {
  const auto lease = out_.find(fence);
  if (lease == out_.end())
    return nullptr;
  const auto& terms = lease->second.terms;
  const bool old =
      terms.life.count() > 0 && now >= lease->second.lent + terms.life;
  return old ? &terms : nullptr;
}

std::vector<std::uint64_t> lease_book::end_holder(std::uint64_t holder,
                                                  bool also_remote) {
  std::vector<std::uint64_t> ended;
  for (auto i = out_.begin(); i != out_.end();) {
    const auto lease = i++;
    const auto& terms = lease->second.terms;
    if ((terms.remote && !also_remote) || terms.holder != holder)
      continue;
    ended.push_back(lease->first);
    end(lease);
  }
  return ended;
}

std::vector<std::uint64_t> lease_book::end_expired(milliseconds now) {
  std::vector<std::uint64_t> ended;
  for (auto i = out_.begin(); i != out_.end();) {
    const auto lease = i++;
    const auto& terms = lease->second.terms;
    if (!terms.remote || now < terms.now + lender_wait(terms.ttl_ms))
      continue;
    ended.push_back(lease->first);
    end(lease);
  }
  return ended;
}

std::optional<milliseconds> lease_book::next_expiry() const {
  std::optional<milliseconds> next;
  for (const auto& [fence, lease] : out_) {
    if (!lease.terms.remote)
      continue;
    const auto expiry = lease.terms.now + lender_wait(lease.terms.ttl_ms);
    next = next ? std::min(*next, expiry) : expiry;
  }
  return next;
}

void lease_book::end(std::map<std::uint64_t, outstanding>::iterator lease) {
  queue_.push_young(lease->second.key);
  out_.erase(lease);
}

} // namespace chancery::actors
