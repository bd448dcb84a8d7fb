// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/withdrawn_check.hpp"

#include "actors/audit/signature_checker.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>
#include <vector>

namespace chancery::actors {

void check_withdrawn(
    const storage::snapshot& view, const crypto::public_keyring& keys,
    const std::function<void(std::uint64_t, const std::string&)>& valid) {
  if (view.withdrawn_count() == 0)
    return;
  const key_table table(keys);
  signature_checker checker(table);
  std::vector<storage::withdrawn_row> rows; // the checker points into them
  const auto finish = [&] {
    std::set<std::pair<std::uint64_t, std::uint64_t>> wrong;
    checker.finish([&](const wrong_signature& w) {
      wrong.emplace(w.record, w.batch->fence);
    });
    for (const auto& row : rows)
      if (!wrong.contains({row.record, row.batch.fence}))
        valid(row.record,
              fmt::format("its signature withdrawn from batch {} is valid "
                          "under key {}",
                          row.batch.first, crypto::to_text(row.batch.key)));
    rows.clear();
  };
  rows.reserve(signature_checker::capacity);
  view.each_withdrawn([&](const storage::withdrawn_row& row) {
    if (checker.full())
      finish();
    rows.push_back(row);
    const auto& kept = rows.back();
    checker.add(kept.record, kept.batch, view, view.record(kept.record),
                kept.signature);
  });
  finish();
}

} // namespace chancery::actors
