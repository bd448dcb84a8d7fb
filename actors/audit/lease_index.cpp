// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/lease_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace chancery::actors {

namespace {

using promise = replay_fault::promise;

// Checks the key order that an epoch begins with: it must be the order that the
// epoch before left, with keys added since at the old end, in keyring order,
// and keys that came back behind them. The epoch's own entry names the keys
// that were active then; a raw key that is active today and was in the order
// before cannot have been inactive between. A key for seals may have had no
// certificate.
std::optional<replay_fault>
check_order(const storage::epoch_opened& e,
            const std::vector<storage::key_name>& before,
            const key_listings& listings, const crypto::public_keyring& keys) {
  const std::set<storage::key_name> named(e.key_order.begin(),
                                          e.key_order.end());
  const std::set<storage::key_name> old(before.begin(), before.end());
  std::vector<storage::key_name> active;
  for (const auto& entry : keys.keys) {
    const auto& id = entry.key.id();
    if (named.contains(id))
      active.push_back(id);
    else if (old.contains(id) && entry.state == crypto::key_state::active &&
             keys.purpose == crypto::keyring_purpose::raw)
      return replay_fault{
          promise::order,
          fmt::format("epoch {} leaves out key {}, which is active", e.epoch,
                      crypto::to_text(id))};
  }
  if (active.size() != e.key_order.size())
    return replay_fault{
        promise::journal,
        fmt::format("epoch {} lends keys that are not in the keyring",
                    e.epoch)};
  if (next_key_order(before, active, listings.returned(before, active)) !=
      e.key_order)
    return replay_fault{
        promise::order,
        fmt::format("epoch {} does not begin with the required key order",
                    e.epoch)};
  return std::nullopt;
}

} // namespace

lease_index::lease_index(
    const storage::snapshot& view, const crypto::public_keyring& keys,
    const std::function<void(const replay_fault&)>& fault) {
  lease_replay replay;
  key_listings listings;
  auto journal = view.walk(storage::table::journal);
  for (bool more = journal.seek(0); more; more = journal.next()) {
    const auto event = storage::decode_event(journal.value());
    std::optional<replay_fault> found;
    if (journal.key() != events_)
      found = replay_fault{promise::journal,
                           fmt::format("the journal lacks event {}", events_)};
    events_ = journal.key() + 1;
    if (const auto* opened = std::get_if<storage::epoch_opened>(&event);
        opened != nullptr) {
      if (!found)
        found = check_order(*opened, replay.key_order(), listings, keys);
      listings.note(*opened);
    }
    if (const auto broken = replay.apply(event); broken && !found)
      found = broken;
    if (const auto* e = std::get_if<storage::signatures_withdrawn>(&event)) {
      const auto broken = note_withdrawal(*e);
      if (broken && !found)
        found = broken;
    }
    if (found)
      fault(*found);
    note(event);
  }
}

const storage::key_name* lease_index::key_of(std::uint64_t fence,
                                             bool& used_before) {
  const auto i = std::ranges::lower_bound(leases_, fence, {}, &lease::fence);
  if (i == leases_.end() || i->fence != fence)
    return nullptr;
  used_before = i->used;
  i->used = true;
  return &keys_[i->key];
}

const std::string& lease_index::worker_of(std::uint64_t fence) const {
  const auto i = std::ranges::lower_bound(leases_, fence, {}, &lease::fence);
  return workers_[i == leases_.end() || i->fence != fence ? 0 : i->worker];
}

void lease_index::note(const storage::event& e) {
  if (const auto* opened = std::get_if<storage::epoch_opened>(&e)) {
    epochs_[opened->epoch] = {.batch_size = opened->batch_size,
                              .records = opened->records,
                              .max_wait_ms = opened->max_wait_ms};
  } else if (const auto* stated = std::get_if<storage::workers_verified>(&e)) {
    const auto terms = epochs_.find(stated->epoch);
    if (terms != epochs_.end())
      terms->second.verified = *stated;
  } else if (const auto* format = std::get_if<storage::format_announced>(&e)) {
    const auto terms = epochs_.find(format->epoch);
    if (terms != epochs_.end())
      terms->second.format = format->format;
  }
  for (const auto& lent : storage::leases_of(e))
    note_lease(lent);
}

void lease_index::note_lease(const storage::lease_lent& e) {
  const auto [i, fresh] =
      key_numbers_.emplace(e.key, static_cast<std::uint32_t>(keys_.size()));
  if (fresh)
    keys_.push_back(e.key);
  // The replay reports a fence that does not grow; it is left out here.
  if (leases_.empty() || leases_.back().fence < e.fence)
    leases_.push_back({e.fence, i->second, number_of(e.borrower), false});
  const auto terms = epochs_.find(static_cast<std::uint32_t>(e.fence >> 32));
  if (e.remote && terms != epochs_.end())
    terms->second.lent_away = true;
}

std::optional<replay_fault>
lease_index::note_withdrawal(const storage::signatures_withdrawn& e) {
  const auto epoch = epochs_.empty() ? 0 : epochs_.rbegin()->first;
  const auto what = withdrawn_.add({events_ - 1, epoch, e});
  if (!what)
    return std::nullopt;
  return replay_fault{promise::journal, *what};
}

std::uint16_t lease_index::number_of(const std::string& worker) {
  const auto i = worker_numbers_.find(worker);
  if (i != worker_numbers_.end())
    return i->second;
  if (workers_.size() > UINT16_MAX)
    throw std::runtime_error("the journal names more than 65,535 workers");
  const auto number = static_cast<std::uint16_t>(workers_.size());
  workers_.push_back(worker);
  worker_numbers_.emplace(worker, number);
  return number;
}

} // namespace chancery::actors
