// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/unit_hasher.hpp"

#include <fmt/format.h>

namespace chancery::actors {

namespace {

/// Fewer than the cache of a core holds, at the usual sizes of records.
constexpr std::size_t records_at_once = 512;

} // namespace

unit_hasher::unit_hasher(const storage::record_store& store,
                         crypto::curve curve)
    : store_(&store), hasher_(curve) {}

std::string unit_hasher::digests_of(std::span<const unit_batch> batches) {
  const auto view = store_->read();
  auto table = view.walk(storage::table::records);
  std::size_t total = 0;
  for (const auto& range : batches)
    total += range.count;
  std::string digests(total * hasher_.size(), '\0');
  auto to = std::as_writable_bytes(std::span(digests));
  records_.clear();
  const auto hash = [&] {
    hasher_(records_, to);
    to = to.subspan(records_.size() * hasher_.size());
    records_.clear();
  };
  bool more = false;
  std::uint64_t next = 0; // where the cursor stands, if there is more
  for (const auto& range : batches) {
    if (!more || next != range.first)
      more = table.seek(range.first);
    for (next = range.first; next < range.first + range.count; ++next) {
      if (!more || table.key() != next)
        throw storage::corrupt(
            fmt::format("record {} is missing from the records table", next));
      records_.push_back(table.value());
      if (records_.size() == records_at_once)
        hash();
      more = table.next();
    }
  }
  hash();
  return digests;
}

} // namespace chancery::actors
