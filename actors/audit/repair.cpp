// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/repair.hpp"

#include "actors/audit/signature_checker.hpp"

#include <fmt/format.h>

#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

namespace chancery::actors {

namespace {

using wrong_ids = std::map<std::uint64_t, std::vector<std::uint64_t>>;

void require_records(std::span<const id_range> ids, std::uint64_t records) {
  for (const auto& range : ids)
    if (range.last >= records || range.first > range.last)
      throw std::invalid_argument(
          fmt::format("there is no record {}: there are {}, with ids from 0",
                      range.last, records));
}

/// The ids to withdraw, by the first id of their batch; counts the others.
wrong_ids find_wrong(const storage::snapshot& view,
                     const crypto::public_keyring& keys,
                     std::span<const id_range> ids, repair_result& result) {
  const key_table table(keys);
  signature_checker checker(table);
  wrong_ids wrong;
  std::uint64_t looked_up = 0;
  const auto finish = [&] {
    checker.finish([&](const wrong_signature& w) {
      if (w.why == wrong_signature::cause::does_not_verify) {
        wrong[w.batch->first].push_back(w.record);
        ++result.withdrawn;
      } else {
        ++result.unknown;
      }
    });
  };
  for (const auto& range : ids)
    for (auto id = range.first; id <= range.last; ++id) {
      if (checker.full())
        finish();
      ++(checker.look_up(view, id) ? looked_up : result.unsigned_records);
    }
  finish();
  result.verified = looked_up - result.withdrawn - result.unknown;
  result.batches = wrong.size();
  return wrong;
}

} // namespace

repair_result withdraw_wrong(storage::record_store& store,
                             const crypto::public_keyring& keys,
                             std::span<const id_range> ids,
                             const withdrawal_terms& terms) {
  if (!storage::is_withdrawal_reason(terms.reason))
    throw std::invalid_argument(fmt::format(
        "the reason of a withdrawal is one line of 1 to {} bytes of UTF-8",
        storage::withdrawal_reason_max));
  repair_result result;
  auto transaction = store.write();
  require_records(ids, transaction.record_count());
  auto wrong = find_wrong(transaction, keys, ids, result);
  for (auto& [batch, records] : wrong)
    transaction.withdraw(
        {batch, std::move(records), terms.time_ms, terms.reason});
  if (result.withdrawn > 0)
    transaction.commit();
  return result;
}

} // namespace chancery::actors
