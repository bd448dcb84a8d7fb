// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/withdrawals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chancery::actors {

namespace {

bool covers(const storage::batch_row& row, std::uint64_t record) {
  return record >= row.first && record - row.first < row.count;
}

bool names(const storage::signatures_withdrawn& e, std::uint64_t record) {
  return std::ranges::any_of(e.runs, [&](const storage::id_run& run) {
    return record >= run.first && record - run.first < run.count;
  });
}

std::uint64_t count_of(const storage::signatures_withdrawn& e) {
  std::uint64_t count = 0;
  for (const auto& run : e.runs)
    count += run.count;
  return count;
}

} // namespace

std::optional<std::string> withdrawals::add(entry e) {
  const auto& row = e.event.row;
  const auto [at, first] = left_.try_emplace(row.fence);
  auto& rows = at->second;
  std::optional<std::string> fault;
  const bool piece = row.reason == storage::short_reason::withdrawn;
  if (first)
    originals_.push_back(row);
  if (first ? piece : !left(row))
    fault = fmt::format("event {} withdraws from batch {}, which is not what "
                        "the events before it left",
                        e.sequence, row.first);
  rows.erase(row.first);
  for (const auto& rest : storage::pieces_of(e.event))
    rows.emplace(rest.first, rest);
  entries_.push_back(std::move(e));
  return fault;
}

bool withdrawals::left(const storage::batch_row& row) const {
  const auto rows = left_.find(row.fence);
  if (rows == left_.end())
    return false;
  const auto piece = rows->second.find(row.first);
  return piece != rows->second.end() && piece->second == row;
}

void withdrawals::each_left(
    const std::function<void(const storage::batch_row&)>& see) const {
  for (const auto& [fence, rows] : left_)
    for (const auto& [first, row] : rows)
      see(row);
}

bool withdrawals::was_signed_before(std::uint64_t record,
                                    std::uint64_t fence) const {
  return std::ranges::any_of(entries_, [&](const entry& e) {
    return e.event.row.fence < fence && e.epoch >= fence >> 32 &&
           covers(e.event.row, record);
  });
}

void withdrawals::check_table(
    const storage::snapshot& view,
    const std::function<void(const std::string&)>& fault) const {
  std::map<std::uint64_t, std::uint64_t> found; // entries by event
  view.each_withdrawn([&](const storage::withdrawn_row& row) {
    const auto e =
        std::ranges::lower_bound(entries_, row.event, {}, &entry::sequence);
    if (e == entries_.end() || e->sequence != row.event ||
        e->event.row != row.batch || e->event.time_ms != row.time_ms ||
        !names(e->event, row.record))
      fault(fmt::format("record {}: event {} does not name its withdrawn "
                        "signature",
                        row.record, row.event));
    else
      ++found[row.event];
  });
  // No key of the table is there twice, so it is enough to count.
  for (const auto& e : entries_)
    if (const auto wanted = count_of(e.event); found[e.sequence] != wanted)
      fault(fmt::format("event {} withdraws {} signatures of batch {}, but {} "
                        "are stored as withdrawn",
                        e.sequence, wanted, e.event.row.first,
                        found[e.sequence]));
}

} // namespace chancery::actors
