// SPDX-License-Identifier: Apache-2.0
#include "apps/records/signed_records.hpp"

#include <fmt/format.h>
#include <optional>

namespace chancery::apps {

namespace {

constexpr std::uint64_t records_per_view = 10'000;

std::optional<storage::batch_row> batch_from(const storage::snapshot& view,
                                             std::uint64_t first) {
  auto rows = view.walk(storage::table::batches);
  if (!rows.seek(first))
    return std::nullopt;
  return storage::decode_batch_row(rows.key(), rows.value());
}

void walk_batch(const storage::snapshot& view, const storage::batch_row& batch,
                const std::function<void(const signed_record&)>& call) {
  auto signatures = view.walk(storage::table::signatures);
  bool more = signatures.seek(batch.first);
  for (std::uint64_t id = batch.first; id < batch.first + batch.count; ++id) {
    if (!more || signatures.key() != id)
      throw storage::corrupt(
          fmt::format("batch {} has no signature for record {}: run `chancery "
                      "audit`",
                      batch.first, id));
    call({id, batch, signatures.value(), view});
    more = signatures.next();
  }
}

} // namespace

void for_each_signature(const storage::record_store& store,
                        const std::atomic<bool>& stop,
                        const std::function<void(const signed_record&)>& call) {
  auto view = store.read();
  std::uint64_t next = 0;
  std::uint64_t seen = 0;
  while (!stop) {
    const auto batch = batch_from(view, next);
    if (!batch)
      return;
    walk_batch(view, *batch, call);
    next = batch->first + batch->count;
    seen += batch->count;
    if (seen >= records_per_view) {
      view.renew();
      seen = 0;
    }
  }
}

} // namespace chancery::apps
