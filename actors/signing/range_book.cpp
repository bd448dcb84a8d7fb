// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/range_book.hpp"

#include <algorithm>
#include <stdexcept>

namespace chancery::actors {

range_book::range_book(std::uint32_t batch_size, bool check_fences)
    : batch_size_(batch_size), check_fences_(check_fences) {
  if (batch_size == 0)
    throw std::invalid_argument("a batch holds at least one record");
}

range_book::range_book(std::uint32_t batch_size, arrival_book& arrivals,
                       bool check_fences)
    : range_book(batch_size, check_fences) {
  arrivals_ = &arrivals;
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
  return waits() ? arrivals_->due_ms(position_) : 0;
}

/// Whether the next range is short because the table ends, and may become full.
bool range_book::waits() const {
  return arrivals_ != nullptr && gap_ == end_ && gap_ - position_ < batch_size_;
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
  if (waited && arrivals_->due_ms(position_) > time_ms)
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
  if (arrivals_ != nullptr)
    arrivals_->forget_before(position_);
  return range;
}

} // namespace chancery::actors
