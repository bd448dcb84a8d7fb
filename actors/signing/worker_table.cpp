// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/worker_table.hpp"

#include <algorithm>
#include <utility>

namespace chancery::actors {

std::uint64_t worker_table::enter(std::string name) {
  const std::lock_guard lock(mutex_);
  auto& row = rows_[++next_];
  row.name = std::move(name);
  row.since = std::chrono::steady_clock::now();
  return next_;
}

void worker_table::count(std::uint64_t row, std::uint64_t records,
                         std::uint64_t leases_out) {
  const std::lock_guard lock(mutex_);
  if (const auto i = rows_.find(row); i != rows_.end()) {
    i->second.records += records;
    i->second.leases_out = leases_out;
  }
}

void worker_table::told_end(std::uint64_t row) {
  const std::lock_guard lock(mutex_);
  if (const auto i = rows_.find(row); i != rows_.end())
    i->second.told_end = true;
}

void worker_table::leave(std::uint64_t row) {
  const std::lock_guard lock(mutex_);
  rows_.erase(row);
}

std::vector<worker_row> worker_table::rows() const {
  const std::lock_guard lock(mutex_);
  std::vector<worker_row> rows;
  for (const auto& [number, row] : rows_)
    rows.push_back(row);
  return rows;
}

bool worker_table::all_told_end() const {
  const std::lock_guard lock(mutex_);
  return std::ranges::all_of(
      rows_, [](const auto& entry) { return entry.second.told_end; });
}

} // namespace chancery::actors
