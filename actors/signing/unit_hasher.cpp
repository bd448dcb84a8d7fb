// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/unit_hasher.hpp"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

namespace {

/// Fewer than the cache of a core holds, at the usual sizes of records.
constexpr std::size_t records_at_once = 512;

} // namespace

unit_hasher::unit_hasher(const storage::record_store& store,
                         crypto::curve curve,
                         std::shared_ptr<seal_formats> seals)
    : store_(&store), hasher_(curve), seal_hasher_(curve),
      seals_(std::move(seals)) {}

std::string unit_hasher::digests_of(std::span<const unit_batch> batches,
                                    std::span<const crypto::lease> leases,
                                    std::uint64_t time_ms) {
  const auto view = store_->read();
  auto table = view.walk(storage::table::records);
  std::size_t total = 0;
  for (const auto& range : batches)
    total += range.count;
  std::string digests(total * hasher_.size(), '\0');
  auto to = std::as_writable_bytes(std::span(digests));
  records_.clear();
  std::optional<crypto::hash_prefix> before;
  bool more = false;
  std::uint64_t next = 0; // where the cursor stands, if there is more
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const auto& range = batches[i];
    if (seals_) {
      hash(before ? &*before : nullptr, to);
      if (i >= leases.size() || leases[i].fence != range.fence)
        throw std::invalid_argument("a unit's batches do not match its leases");
      before = prefix_of(view, leases[i], time_ms);
    }
    if (!more || next != range.first)
      more = table.seek(range.first);
    for (next = range.first; next < range.first + range.count; ++next) {
      if (!more || table.key() != next)
        throw storage::corrupt(
            fmt::format("record {} is missing from the records table", next));
      records_.push_back(table.value());
      if (before && records_.back().empty())
        throw storage::corrupt(
            fmt::format("record {} has no bytes, and a seal cannot be over "
                        "nothing",
                        next));
      if (records_.size() == records_at_once)
        hash(before ? &*before : nullptr, to);
      more = table.next();
    }
  }
  hash(before ? &*before : nullptr, to);
  return digests;
}

crypto::hash_prefix unit_hasher::prefix_of(const storage::snapshot& view,
                                           const crypto::lease& lease,
                                           std::uint64_t time_ms) {
  auto& known = headers_[lease.key];
  if (!known)
    known = seals_->header_of(
        view, static_cast<std::uint32_t>(lease.fence >> 32), lease.key);
  return known->hashed(crypto::jades_time(time_ms));
}

// Takes the digests off `to`.
void unit_hasher::hash(const crypto::hash_prefix* before,
                       std::span<std::byte>& to) {
  if (before != nullptr)
    seal_hasher_(*before, records_, to);
  else
    hasher_(records_, to);
  to = to.subspan(records_.size() * hasher_.size());
  records_.clear();
}

} // namespace chancery::actors
