// SPDX-License-Identifier: Apache-2.0
#include "apps/records/batch_figures.hpp"

#include <algorithm>

namespace chancery::apps {

namespace {

// A long walk renews its snapshot, so that the writer can reuse pages.
constexpr int rows_per_view = 10'000;

void count(const storage::batch_row& row, std::uint32_t epoch,
           batch_figures& figures) {
  auto& key = figures.keys[row.key];
  ++key.batches;
  key.signatures += row.count;
  key.last_used_ms = std::max(key.last_used_ms, row.time_ms);
  if (row.fence >> 32 != epoch)
    return;
  ++figures.epoch_batches;
  figures.epoch_signatures += row.count;
  figures.epoch_last_ms = std::max(figures.epoch_last_ms, row.time_ms);
}

} // namespace

batch_figures count_batches(const storage::record_store& store,
                            std::uint32_t epoch) {
  batch_figures figures;
  auto view = store.read();
  std::uint64_t next = 0;
  for (bool more = true; more;) {
    auto rows = view.walk(storage::table::batches);
    more = rows.seek(next);
    for (int i = 0; more && i < rows_per_view; ++i) {
      const auto row = storage::decode_batch_row(rows.key(), rows.value());
      count(row, epoch, figures);
      next = row.first + 1;
      more = rows.next();
    }
    if (more) {
      { const auto ended = std::move(rows); }
      view.renew();
    }
  }
  return figures;
}

} // namespace chancery::apps
