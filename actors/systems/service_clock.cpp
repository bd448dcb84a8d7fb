// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/service_clock.hpp"

#include "actors/base/wall_clock.hpp"

#include <algorithm>
#include <chrono>
#include <variant>

namespace chancery::actors {

std::uint64_t last_time_ms(const storage::snapshot& view) {
  std::uint64_t last = 0;
  auto arrivals = view.walk(storage::table::arrivals);
  if (arrivals.seek_back(UINT64_MAX))
    last = storage::decode_arrival(arrivals.key(), arrivals.value()).time_ms;
  auto batches = view.walk(storage::table::batches);
  if (batches.seek_back(UINT64_MAX))
    last = std::max(
        last,
        storage::decode_batch_row(batches.key(), batches.value()).time_ms);
  if (const auto epoch = view.last_epoch()) {
    auto journal = view.walk(storage::table::journal);
    for (bool more = journal.seek(*epoch); more; more = journal.next()) {
      const auto event = storage::decode_event(journal.value());
      if (const auto* opened = std::get_if<storage::epoch_opened>(&event))
        last = std::max(last, opened->time_ms);
      if (const auto* closed = std::get_if<storage::epoch_closed>(&event))
        last = std::max(last, closed->time_ms);
    }
  }
  return last;
}

std::function<std::uint64_t()>
service_clock(const storage::record_store& store) {
  using steady = std::chrono::steady_clock;
  const auto begin = std::max(wall_clock_ms(), last_time_ms(store.read()));
  return [begin, since = steady::now()] {
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(
        steady::now() - since);
    return begin + static_cast<std::uint64_t>(passed.count());
  };
}

} // namespace chancery::actors
