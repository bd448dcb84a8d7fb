// SPDX-License-Identifier: Apache-2.0
#include "apps/records/signed_records.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <stdexcept>

namespace chancery::apps {

namespace {

constexpr std::uint64_t records_per_view = 10'000;

using visitor = std::function<void(const signed_record&)>;

/// The batch that covers `id`, else the first one behind it.
std::optional<storage::batch_row> batch_from(const storage::snapshot& view,
                                             std::uint64_t id) {
  if (const auto covering = view.batch_of(id))
    return covering;
  auto rows = view.walk(storage::table::batches);
  if (!rows.seek(id))
    return std::nullopt;
  return storage::decode_batch_row(rows.key(), rows.value());
}

void walk_batch(const storage::snapshot& view, const storage::batch_row& batch,
                std::uint64_t from, const visitor& call) {
  auto signatures = view.walk(storage::table::signatures);
  bool more = signatures.seek(from);
  for (std::uint64_t id = from; id < batch.first + batch.count; ++id) {
    if (!more || signatures.key() != id)
      throw storage::corrupt(
          fmt::format("batch {} has no signature for record {}: run `chancery "
                      "audit`",
                      batch.first, id));
    call({id, batch, signatures.value(), view});
    more = signatures.next();
  }
}

std::uint64_t walk_from(const storage::record_store& store,
                        const record_selection& selection,
                        const std::atomic<bool>& stop, const visitor& call) {
  auto view = store.read();
  std::uint64_t next = *selection.from;
  std::uint64_t seen = 0;
  while (!stop) {
    const auto batch = batch_from(view, next);
    if (!batch || (selection.unbroken && batch->first > next))
      break;
    const auto from = std::max(next, batch->first);
    walk_batch(view, *batch, from, call);
    next = batch->first + batch->count;
    seen += next - from;
    if (seen >= records_per_view) {
      view.renew();
      seen = 0;
    }
  }
  return next;
}

std::uint64_t walk_ids(const storage::record_store& store,
                       const record_selection& selection,
                       const std::atomic<bool>& stop, const visitor& call) {
  auto view = store.read();
  std::optional<storage::batch_row> batch;
  std::uint64_t next = 0;
  std::uint64_t seen = 0;
  for (const auto id : selection.ids) {
    if (stop)
      break;
    if (!batch || id >= batch->first + batch->count)
      batch = view.batch_of(id);
    const auto signature = view.signature(id);
    if (!batch || !signature)
      throw std::runtime_error(fmt::format(
          "record {} is not signed any more: run `chancery sign`", id));
    call({id, *batch, *signature, view, selection.ids_replace});
    next = id + 1;
    if (++seen == records_per_view) {
      view.renew();
      batch.reset();
      seen = 0;
    }
  }
  return next;
}

} // namespace

std::uint64_t
for_each_signature(const storage::record_store& store,
                   const record_selection& selection,
                   const std::atomic<bool>& stop,
                   const std::function<void(const signed_record&)>& call) {
  const auto next = walk_ids(store, selection, stop, call);
  return selection.from ? walk_from(store, selection, stop, call) : next;
}

} // namespace chancery::apps
