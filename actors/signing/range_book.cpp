// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/range_book.hpp"

#include <algorithm>
#include <stdexcept>

namespace chancery::actors {

range_book::range_book(std::uint32_t batch_size,
                       std::optional<waiting_terms> terms, bool check_fences)
    : batch_size_(batch_size), terms_(terms), check_fences_(check_fences) {
  if (batch_size == 0)
    throw std::invalid_argument("a batch holds at least one record");
}

bool range_book::usable(std::uint64_t fence) const {
  return !ended_.contains(fence) && !held_.contains(fence);
}

std::optional<held_range> range_book::take(const storage::snapshot& view,
                                           std::uint64_t fence,
                                           const storage::key_name& key,
                                           std::uint64_t time_ms) {
  if (!usable(fence))
    throw std::invalid_argument("this lease can hold no range");
  std::optional<held_range> range;
  if (!returned_.empty()) {
    range = returned_.front();
    returned_.pop_front();
  } else {
    range = cut(view, time_ms);
  }
  if (!range)
    return std::nullopt;
  range->key = key;
  range->time_ms = time_ms;
  held_.emplace(fence, *range);
  return range;
}

bool range_book::more(const storage::snapshot& view, std::uint64_t time_ms) {
  const auto due = due_ms(view);
  return due && *due <= time_ms;
}

std::optional<std::uint64_t> range_book::due_ms(const storage::snapshot& view) {
  if (!returned_.empty())
    return 0;
  if (!find_unsigned(view))
    return std::nullopt;
  return waits() ? waited_ms(view) : 0;
}

std::uint32_t range_book::due_count(const storage::snapshot& view,
                                    std::uint64_t time_ms, std::uint32_t most) {
  if (!more(view, time_ms))
    return 0;
  // Where records were signed out of order, this stretch is not the only one.
  const auto full = position_ < gap_ ? (gap_ - position_) / batch_size_ : 0;
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
      returned_.size() + full, 1, std::max(most, 1u)));
}

/// Whether the next range is short because the table ends, and may become full.
bool range_book::waits() const {
  return terms_ && gap_ == end_ && gap_ - position_ < batch_size_;
}

/// When the next range has waited enough, in ms since 1970. A record whose
/// arrival is missing, which a service never writes, waits no longer: the audit
/// will tell.
std::uint64_t range_book::waited_ms(const storage::snapshot& view) const {
  if (position_ < terms_->records_before)
    return 0;
  const auto came = view.arrival_of(position_);
  return came ? came->time_ms + terms_->max_wait_ms : 0;
}

std::optional<held_range> range_book::hand_in(std::uint64_t fence,
                                              std::uint64_t first,
                                              std::uint32_t count) {
  auto& from = held_.contains(fence) || check_fences_ ? held_ : late_;
  const auto i = from.find(fence);
  if (i == from.end() || i->second.first != first || i->second.count != count)
    return std::nullopt;
  const auto range = i->second;
  from.erase(i);
  return range;
}

void range_book::drop(std::uint64_t fence) {
  ended_.insert(fence);
  release(fence);
}

void range_book::release(std::uint64_t fence) {
  const auto i = held_.find(fence);
  if (i == held_.end())
    return;
  ended_.insert(fence);
  returned_.push_back(i->second);
  if (!check_fences_)
    late_.insert(*i);
  held_.erase(i);
}

void range_book::rewind() {
  if (!held_.empty() || !returned_.empty())
    throw std::logic_error("ranges are still out");
  position_ = 0;
  gap_ = 0;
  end_ = 0;
}

// The next stretch of unsigned records begins at position_ and ends at gap_. A
// stretch that ended with the table grows with it.
bool range_book::find_unsigned(const storage::snapshot& view) {
  const auto end = view.record_count();
  const bool table_grew = gap_ == end_ && end > end_;
  if (position_ >= gap_ || table_grew) {
    position_ = view.first_unsigned(position_);
    gap_ = std::min(end, view.next_batch_start(position_).value_or(end));
  }
  end_ = end;
  return position_ < end;
}

std::optional<held_range> range_book::cut(const storage::snapshot& view,
                                          std::uint64_t time_ms) {
  if (!find_unsigned(view))
    return std::nullopt;
  const bool waited = waits();
  if (waited && waited_ms(view) > time_ms)
    return std::nullopt;
  held_range range;
  range.first = position_;
  range.count = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(batch_size_, gap_ - position_));
  if (range.count < batch_size_)
    range.reason = waited         ? storage::short_reason::waited
                   : gap_ == end_ ? storage::short_reason::end
                                  : storage::short_reason::gap;
  position_ += range.count;
  return range;
}

} // namespace chancery::actors
