// SPDX-License-Identifier: Apache-2.0
#include "checker.hpp"

#include "actors/audit/audit.hpp"
#include "actors/signing/lease_replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace chancery::tests {

namespace {

std::set<std::uint64_t> stored_fences(const storage::snapshot& view) {
  std::set<std::uint64_t> fences;
  auto batches = view.walk(storage::table::batches);
  for (bool more = batches.seek(0); more; more = batches.next())
    fences.insert(
        storage::decode_batch_row(batches.key(), batches.value()).fence);
  return fences;
}

// A key must not be used under an older lease after a newer one, except where
// nothing of the older lease is stored: its use was refused in time.
std::optional<std::string> check_uses(const std::set<std::uint64_t>& stored,
                                      const use_log& uses) {
  std::map<crypto::key_id, std::uint64_t> newest;
  std::map<crypto::key_id, std::uint64_t> in_use;
  std::set<std::uint64_t> used;
  for (const auto& use : uses) {
    if (!use.begin) {
      in_use.erase(use.key);
      continue;
    }
    if (const auto other = in_use.find(use.key); other != in_use.end())
      return fmt::format("lease {} uses a key during a use under lease {}",
                         actors::fence_text(use.fence),
                         actors::fence_text(other->second));
    in_use[use.key] = use.fence;
    used.insert(use.fence);
    auto& highest = newest[use.key];
    if (use.fence < highest && stored.contains(use.fence))
      return fmt::format("stored lease {} used its key after lease {}",
                         actors::fence_text(use.fence),
                         actors::fence_text(highest));
    highest = std::max(highest, use.fence);
  }
  for (const auto fence : stored)
    if (!used.contains(fence))
      return fmt::format("no key was used under stored lease {}",
                         actors::fence_text(fence));
  return std::nullopt;
}

} // namespace

std::optional<std::string> check(const storage::record_store& store,
                                 const crypto::public_keyring& keys,
                                 const use_log& uses) {
  std::atomic<std::uint64_t> done{0};
  const auto report = actors::audit(store, keys, {}, done);
  for (const auto& rule : report.rules)
    if (rule.violations > 0)
      return rule.name + ": " + rule.first_violation;
  return check_uses(stored_fences(store.read()), uses);
}

std::string history_of(const storage::record_store& store) {
  const auto view = store.read();
  std::string history;
  for (const auto table : {storage::table::journal, storage::table::batches}) {
    auto rows = view.walk(table);
    for (bool more = rows.seek(0); more; more = rows.next()) {
      history += fmt::format("{}:", rows.key());
      for (const auto byte : rows.value())
        history += static_cast<char>(byte);
    }
  }
  return history;
}

} // namespace chancery::tests
