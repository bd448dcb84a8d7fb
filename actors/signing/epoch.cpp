// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/epoch.hpp"

#include "actors/signing/lease_replay.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <stdexcept>
#include <variant>

namespace chancery::actors {

namespace {

// Only the last epoch matters: its own first entry holds the key order that it
// began with.
lease_replay replay_last_epoch(const storage::snapshot& view) {
  lease_replay replay;
  const auto start = view.last_epoch();
  if (!start)
    return replay;
  auto journal = view.walk(storage::table::journal);
  for (bool more = journal.seek(*start); more; more = journal.next())
    replay.apply(storage::decode_event(journal.value()));
  return replay;
}

std::uint64_t append(storage::write_transaction& transaction,
                     const storage::event& e) {
  const auto bytes = storage::encode(e);
  return transaction.append_event(std::as_bytes(std::span(bytes)));
}

/// The keys that are not in `before` but were in an earlier epoch, in the order
/// in which they were last listed. Reads the whole journal when there may be
/// one.
std::vector<storage::key_name>
returned_keys(const storage::snapshot& view,
              const std::vector<storage::key_name>& before,
              const std::vector<storage::key_name>& active) {
  const std::set<storage::key_name> listed(before.begin(), before.end());
  if (std::ranges::all_of(
          active, [&](const auto& key) { return listed.contains(key); }))
    return {};
  key_listings listings;
  auto journal = view.walk(storage::table::journal);
  for (bool more = journal.seek(0); more; more = journal.next())
    if (!journal.value().empty() && storage::opens_epoch(journal.value()))
      listings.note(std::get<storage::epoch_opened>(
          storage::decode_event(journal.value())));
  return listings.returned(before, active);
}

storage::format_announced announced(const storage::epoch_opened& entry,
                                    const seal_announcement& seals) {
  storage::format_announced e{
      entry.epoch, storage::signature_format::jades, seals.content_type, {}};
  for (const auto& key : entry.key_order) {
    const auto leaf = seals.leaves.find(key);
    if (leaf == seals.leaves.end())
      throw std::invalid_argument("a key that is lent has no certificate");
    e.certificates.push_back(leaf->second);
  }
  return e;
}

void check(const worker_verification& v) {
  const bool fits =
      v.policy == storage::worker_policy::sample ? v.share > 0 : v.share == 1;
  if (!fits)
    throw std::invalid_argument("this share of signatures cannot be verified");
}

milliseconds owed_after(const lease_replay& replay) {
  const auto& last = replay.epoch();
  return last && last->remote_possible && !replay.closed()
             ? lender_wait(last->ttl_ms_max)
             : milliseconds{0};
}

} // namespace

milliseconds quarantine_owed(const storage::snapshot& view) {
  return owed_after(replay_last_epoch(view));
}

opened_epoch open_epoch(storage::record_store& store,
                        const std::vector<storage::key_name>& active,
                        const epoch_options& options) {
  if (active.empty())
    throw std::invalid_argument("the keyring has no active key: add one with "
                                "`chancery keys add` or `keys import`");
  check(options.verification);
  auto transaction = store.write();
  const auto replay = replay_last_epoch(transaction);
  const auto& last = replay.epoch();
  if (last && last->epoch == std::numeric_limits<std::uint32_t>::max())
    throw std::overflow_error("this data folder has no epochs left");

  opened_epoch opened;
  opened.entry.epoch = last ? last->epoch + 1 : 1;
  opened.entry.id = options.id;
  opened.entry.batch_size = options.batch_size;
  opened.entry.provider = options.provider;
  opened.entry.remote_possible = options.remote_possible;
  opened.entry.ttl_ms_max = options.ttl_ms_max;
  opened.entry.records = transaction.record_count();
  opened.entry.time_ms = options.time_ms;
  opened.entry.max_wait_ms = options.max_wait_ms;
  const auto before = replay.key_order();
  opened.entry.key_order =
      next_key_order(before, active,
                     options.seals ? returned_keys(transaction, before, active)
                                   : std::vector<storage::key_name>());
  opened.quarantine = owed_after(replay);
  if (opened.quarantine.count() > 0) {
    // The quarantine is owed until an epoch closes after it. If this one does
    // not close, the next one finds the same terms.
    opened.entry.remote_possible = true;
    opened.entry.ttl_ms_max = std::max(options.ttl_ms_max, last->ttl_ms_max);
  }

  opened.event = append(transaction, opened.entry);
  if (options.seals)
    append(transaction, announced(opened.entry, *options.seals));
  if (const auto& v = options.verification;
      v.policy != storage::worker_policy::none)
    append(transaction,
           storage::workers_verified{opened.entry.epoch, v.policy, v.share});
  transaction.commit();
  return opened;
}

} // namespace chancery::actors
