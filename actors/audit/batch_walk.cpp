// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/batch_walk.hpp"

#include <fmt/format.h>
#include <utility>

namespace chancery::actors {

using storage::short_reason;

batch_walk::batch_walk(const storage::snapshot& view, lease_index& leases,
                       crypto::keyring_purpose purpose,
                       const std::optional<std::vector<crypto::key_id>>& trust,
                       events on)
    : view_(view), leases_(leases), purpose_(purpose), on_(std::move(on)),
      signatures_(view.walk(storage::table::signatures)),
      records_(view.record_count()) {
  if (trust)
    trusted_ = std::set(trust->begin(), trust->end());
}

void batch_walk::run() {
  check_originals();
  auto batches = view_.walk(storage::table::batches);
  more_signatures_ = signatures_.seek(0);
  bool more = batches.seek(0);
  while (more) {
    row_ = storage::decode_batch_row(batches.key(), batches.value());
    more = batches.next();
    next_ = more ? std::optional(batches.key()) : std::nullopt;
    check_signatures();
    if (leases_.withdrawn().concerns(row_.fence)) {
      check_left();
    } else {
      check_lease();
      check_size();
    }
    check_trust();
    check_format();
    on_.batch(row_, leases_.worker_of(row_.fence));
  }
  if (more_signatures_)
    stray_signature();
  check_missing();
}

// Batches as they were before signatures were withdrawn.
void batch_walk::check_originals() {
  for (const auto& row : leases_.withdrawn().originals()) {
    row_ = row;
    check_lease();
    check_size();
  }
}

// A row of a batch that was withdrawn from.
void batch_walk::check_left() {
  if (!leases_.withdrawn().left(row_))
    broken_at_start(batch_rule::one_key_per_batch,
                    fmt::format("lease {} has a row here that no withdrawal "
                                "left",
                                fence_text(row_.fence)));
}

void batch_walk::check_missing() {
  leases_.withdrawn().each_left([&](const storage::batch_row& row) {
    const auto stored = view_.batch_of(row.first);
    if (stored && *stored == row)
      return;
    row_ = row;
    broken_at_start(batch_rule::one_key_per_batch,
                    fmt::format("what a withdrawal left of lease {} here is "
                                "missing",
                                fence_text(row.fence)));
  });
}

void batch_walk::broken_at_start(batch_rule rule, const std::string& what) {
  on_.broken(rule, fmt::format("batch {}, record {}: {}", row_.first,
                               row_.first, what));
}

void batch_walk::stray_signature() {
  on_.broken(
      batch_rule::one_signature,
      fmt::format("record {}: signed, but in no batch", signatures_.key()));
}

// Batches do not overlap; each has exactly the signatures of its range.
void batch_walk::check_signatures() {
  if (row_.count == 0 || end() > records_)
    on_.broken(
        batch_rule::one_signature,
        fmt::format("batch {}: its range is empty or exceeds the records",
                    row_.first));
  if (next_ && *next_ < end())
    on_.broken(batch_rule::one_signature,
               fmt::format("batch {}, record {}: also in batch {}", row_.first,
                           *next_, *next_));
  while (more_signatures_ && signatures_.key() < row_.first) {
    stray_signature();
    more_signatures_ = signatures_.next();
  }
  auto expected = row_.first;
  while (more_signatures_ && signatures_.key() < end()) {
    if (signatures_.key() != expected)
      break;
    ++expected;
    more_signatures_ = signatures_.next();
  }
  if (expected == end())
    return;
  on_.broken(
      batch_rule::one_signature,
      fmt::format("batch {}, record {}: not signed", row_.first, expected));
  while (more_signatures_ && signatures_.key() < end())
    more_signatures_ = signatures_.next();
}

void batch_walk::check_lease() {
  const auto name = fence_text(row_.fence);
  bool used_before = false;
  const auto* key = leases_.key_of(row_.fence, used_before);
  if (key == nullptr)
    broken_at_start(batch_rule::one_key_per_batch,
                    fmt::format("the journal has no lease {}", name));
  else if (*key != row_.key)
    broken_at_start(batch_rule::one_key_per_batch,
                    fmt::format("lease {} lent another key", name));
  else if (used_before)
    broken_at_start(batch_rule::one_key_per_batch,
                    fmt::format("lease {} has another batch", name));
}

void batch_walk::check_size() {
  const auto why = size_fault();
  if (!why.empty())
    broken_at_start(batch_rule::batch_size, why);
}

std::string batch_walk::size_fault() const {
  const auto epoch = static_cast<std::uint32_t>(row_.fence >> 32);
  const auto terms = leases_.epochs().find(epoch);
  if (terms == leases_.epochs().end())
    return fmt::format("the journal has no epoch {}", epoch);
  const auto size = terms->second.batch_size;
  if (row_.count > size)
    return fmt::format("{} records, over the batch size {}", row_.count, size);
  if (row_.count == size)
    return row_.reason == short_reason::full
               ? ""
               : "a full batch that claims to be short";
  switch (row_.reason) {
  case short_reason::full:
    return fmt::format("{} records of {} without a reason", row_.count, size);
  case short_reason::end:
    return end() == terms->second.records
               ? ""
               : "short because the table ended, but it did not end there";
  case short_reason::gap:
    return gap_was_there()
               ? ""
               : "short before a signed record, but that was signed later";
  case short_reason::waited:
    return wait_fault(terms->second);
  case short_reason::withdrawn:
    return "short because others were withdrawn, but the journal withdraws "
           "none";
  }
  return "short for an unknown reason";
}

// The batch after the gap is older: its lease has a lower fence. It may have
// been withdrawn since.
bool batch_walk::gap_was_there() const {
  const auto next = view_.batch_of(end());
  return (next && next->fence < row_.fence) ||
         leases_.withdrawn().was_signed_before(end(), row_.fence);
}

// Records that were there when the epoch opened have waited enough.
std::string
batch_walk::wait_fault(const lease_index::epoch_terms& terms) const {
  if (!terms.max_wait_ms)
    return "short because it waited for records, which its epoch does not do";
  if (row_.first < terms.records)
    return {};
  const auto came = view_.arrival_of(row_.first);
  if (!came)
    return "short because it waited, but when its first record came is unknown";
  const std::uint64_t wait = *terms.max_wait_ms;
  if (row_.time_ms >= wait && row_.time_ms - wait >= came->time_ms)
    return {};
  return fmt::format("short because it waited {} ms, but its first record came "
                     "at {} and it was signed at {} ms",
                     wait, came->time_ms, row_.time_ms);
}

void batch_walk::check_format() {
  const auto epoch =
      leases_.epochs().find(static_cast<std::uint32_t>(row_.fence >> 32));
  const auto announced = epoch == leases_.epochs().end()
                             ? storage::signature_format::raw
                             : epoch->second.format;
  if (row_.format != announced)
    broken_at_start(batch_rule::announced_format,
                    fmt::format("its format is {}, and its epoch announced {}",
                                row_.format, announced));
  const bool sealed = row_.format != storage::signature_format::raw;
  if (sealed != (purpose_ == crypto::keyring_purpose::seal))
    broken_at_start(batch_rule::kept_purpose,
                    fmt::format("a key for {} signatures made {}",
                                crypto::to_text(purpose_),
                                sealed ? "seals" : "raw ones"));
}

void batch_walk::check_trust() {
  if (trusted_ && !trusted_->contains(row_.key))
    broken_at_start(
        batch_rule::trusted_keys,
        fmt::format("key {} is not trusted", crypto::to_text(row_.key)));
}

} // namespace chancery::actors
