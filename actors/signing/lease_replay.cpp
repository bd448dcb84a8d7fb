// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/lease_replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chancery::actors {

namespace {

using promise = replay_fault::promise;

template <class... Ts>
replay_fault broken(promise p, fmt::format_string<Ts...> text, Ts&&... xs) {
  return {p, fmt::format(text, std::forward<Ts>(xs)...)};
}

} // namespace

std::string fence_text(std::uint64_t fence) {
  return fmt::format("{}.{}", fence >> 32, fence & 0xffffffffu);
}

std::optional<replay_fault> lease_replay::apply(const storage::event& e) {
  using storage::signatures_withdrawn;
  auto fault = std::visit([this](const auto& x) { return take(x); }, e);
  const bool opens = std::holds_alternative<storage::epoch_opened>(e);
  if (!fault && over_ && !opens &&
      !std::holds_alternative<signatures_withdrawn>(e))
    fault = broken(promise::journal,
                   "epoch {} goes on after signatures were withdrawn",
                   epoch_ ? epoch_->epoch : 0);
  just_opened_ =
      opens ||
      (just_opened_ && std::holds_alternative<storage::format_announced>(e));
  return fault;
}

const lease_replay::lease* lease_replay::find_out(std::uint64_t fence) const {
  const auto i = out_.find(fence);
  return i == out_.end() ? nullptr : &i->second;
}

std::vector<storage::key_name> lease_replay::key_order() const {
  std::vector<storage::key_name> order;
  order.reserve(idle_.size() + out_.size());
  for (const auto& [tick, key] : idle_)
    order.push_back(key);
  for (const auto& [fence, lease] : out_)
    order.push_back(lease.key);
  return order;
}

std::optional<replay_fault> lease_replay::take(const storage::epoch_opened& e) {
  const auto before = key_order();
  const auto last = epoch_ ? epoch_->epoch : 0;
  const std::set<storage::key_name> now(e.key_order.begin(), e.key_order.end());
  std::optional<replay_fault> fault;
  if (e.epoch <= last)
    fault = broken(promise::journal, "epoch {} opens after epoch {}", e.epoch,
                   last);
  else if (e.batch_size == 0)
    fault = broken(promise::journal, "epoch {} has batch size 0", e.epoch);
  else if (now.size() != e.key_order.size())
    fault = broken(promise::journal, "epoch {} names a key twice", e.epoch);
  else if (epoch_) {
    // Kept keys stay in the old order, after every new one.
    std::vector<storage::key_name> kept;
    std::ranges::copy_if(before, std::back_inserter(kept),
                         [&](const auto& key) { return now.contains(key); });
    const auto fresh = e.key_order.size() - kept.size();
    if (!std::equal(kept.begin(), kept.end(),
                    e.key_order.begin() + static_cast<std::ptrdiff_t>(fresh)))
      fault =
          broken(promise::order,
                 "epoch {} does not continue the key order that epoch {} left",
                 e.epoch, last);
  }
  epoch_ = e;
  closed_ = false;
  over_ = false;
  announced_ = false;
  idle_.clear();
  returned_.clear();
  out_.clear();
  for (const auto& key : now.size() == e.key_order.size()
                             ? e.key_order
                             : std::vector(now.begin(), now.end())) {
    returned_[key] = ++tick_;
    idle_[tick_] = key;
  }
  return fault;
}

std::optional<replay_fault> lease_replay::take(const storage::lease_lent& e) {
  const auto name = fence_text(e.fence);
  if (!epoch_ || closed_)
    return broken(promise::journal, "lease {} is lent outside an epoch", name);
  std::optional<replay_fault> fault;
  if (e.fence >> 32 != epoch_->epoch)
    fault = broken(promise::journal, "lease {} is lent in epoch {}", name,
                   epoch_->epoch);
  else if (e.fence <= last_fence_)
    fault = broken(promise::journal, "lease {} comes after lease {}", name,
                   fence_text(last_fence_));
  else if (e.remote && !epoch_->remote_possible)
    fault =
        broken(promise::journal,
               "lease {} is remote in an epoch without remote leases", name);
  else if (e.remote && e.ttl_ms > epoch_->ttl_ms_max)
    fault = broken(promise::journal,
                   "lease {} lives longer than its epoch allows", name);
  last_fence_ = std::max(last_fence_, e.fence);
  const auto idle = returned_.find(e.key);
  if (idle == returned_.end()) {
    for (const auto& [fence, other] : out_)
      if (other.key == e.key)
        return broken(promise::exclusive,
                      "lease {} lends a key that lease {} holds", name,
                      fence_text(fence));
    return broken(promise::journal,
                  "lease {} lends a key that its epoch does not have", name);
  }
  if (!fault && idle->second != idle_.begin()->first)
    fault = broken(promise::order,
                   "lease {} did not take the least recently used key", name);
  idle_.erase(idle->second);
  returned_.erase(idle);
  out_[e.fence] = {e.key, e.remote, e.borrower};
  return fault;
}

std::optional<replay_fault>
lease_replay::take(const storage::lease_returned& e) {
  return end(e.fence, "returned");
}

std::optional<replay_fault> lease_replay::take(const storage::lease_lost& e) {
  return end(e.fence, "lost");
}

// Every lease is taken; the first fault counts.
std::optional<replay_fault> lease_replay::take(const storage::leases_lent& e) {
  std::optional<replay_fault> first;
  for (const auto& lease : storage::leases_of(e))
    if (auto fault = take(lease); fault && !first)
      first = std::move(fault);
  return first;
}

std::optional<replay_fault>
lease_replay::take(const storage::leases_returned& e) {
  std::optional<replay_fault> first;
  for (const auto fence : e.fences)
    if (auto fault = end(fence, "returned"); fault && !first)
      first = std::move(fault);
  return first;
}

std::optional<replay_fault> lease_replay::take(const storage::epoch_closed& e) {
  std::optional<replay_fault> fault;
  if (!epoch_ || closed_ || epoch_->epoch != e.epoch)
    fault =
        broken(promise::journal, "epoch {} closes but is not open", e.epoch);
  closed_ = true;
  return fault;
}

// A withdrawal holds the folder's lock, so no process signs: what the last
// epoch has not written by then, it never writes. Its leases on other hosts may
// still be in use, so it is not closed.
std::optional<replay_fault>
lease_replay::take(const storage::signatures_withdrawn& e) {
  over_ = true;
  if (epoch_ && e.row.fence >> 32 <= epoch_->epoch)
    return std::nullopt;
  return broken(promise::journal,
                "batch {} is withdrawn from before its epoch {} opens",
                e.row.first, e.row.fence >> 32);
}

std::optional<replay_fault>
lease_replay::take(const storage::workers_verified& e) {
  if (just_opened_ && epoch_->epoch == e.epoch)
    return std::nullopt;
  return broken(promise::journal,
                "epoch {} states elsewhere than at its beginning what it "
                "verifies of other hosts",
                e.epoch);
}

std::optional<replay_fault>
lease_replay::take(const storage::format_announced& e) {
  const bool again = std::exchange(announced_, true);
  if (!just_opened_ || again || epoch_->epoch != e.epoch)
    return broken(promise::journal,
                  "epoch {} states the format of its signatures elsewhere than "
                  "at its beginning",
                  e.epoch);
  if (e.certificates.size() != epoch_->key_order.size())
    return broken(promise::journal,
                  "epoch {} has {} keys and names certificates of {}", e.epoch,
                  epoch_->key_order.size(), e.certificates.size());
  return std::nullopt;
}

std::optional<replay_fault> lease_replay::end(std::uint64_t fence,
                                              const char* verb) {
  const auto lease = out_.find(fence);
  if (lease == out_.end() || closed_)
    return broken(promise::journal, "lease {} is {} but was not out",
                  fence_text(fence), verb);
  const auto key = lease->second.key;
  out_.erase(lease);
  returned_[key] = ++tick_;
  idle_[tick_] = key;
  return std::nullopt;
}

void key_listings::note(const storage::epoch_opened& e) {
  for (const auto& key : e.key_order)
    last_[key] = ++count_;
}

std::vector<storage::key_name>
key_listings::returned(const std::vector<storage::key_name>& before,
                       const std::vector<storage::key_name>& active) const {
  const std::set<storage::key_name> there(before.begin(), before.end());
  std::map<std::uint64_t, storage::key_name> found;
  for (const auto& key : active)
    if (const auto last = last_.find(key);
        last != last_.end() && !there.contains(key))
      found.emplace(last->second, key);
  std::vector<storage::key_name> keys;
  keys.reserve(found.size());
  for (const auto& [when, key] : found)
    keys.push_back(key);
  return keys;
}

std::vector<storage::key_name>
next_key_order(const std::vector<storage::key_name>& before,
               const std::vector<storage::key_name>& active,
               const std::vector<storage::key_name>& returned) {
  std::set<storage::key_name> old(before.begin(), before.end());
  old.insert(returned.begin(), returned.end());
  const std::set<storage::key_name> now(active.begin(), active.end());
  std::vector<storage::key_name> order;
  std::ranges::copy_if(active, std::back_inserter(order),
                       [&](const auto& key) { return !old.contains(key); });
  order.insert(order.end(), returned.begin(), returned.end());
  std::ranges::copy_if(before, std::back_inserter(order),
                       [&](const auto& key) { return now.contains(key); });
  return order;
}

} // namespace chancery::actors
