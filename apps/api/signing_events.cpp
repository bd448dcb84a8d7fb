// SPDX-License-Identifier: Apache-2.0
#include "apps/api/signing_events.hpp"

#include "apps/api/record_json.hpp"
#include "apps/api/signing_json.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <set>
#include <string>
#include <utility>

namespace chancery::apps {

namespace {

/// In a quarter of a second: with 50 events a second no more would be sent.
constexpr std::size_t batches_kept = 12;

event worker_event(const std::string& name, bool connected) {
  return {.type = "worker",
          .json =
              nlohmann::ordered_json{{"worker", name}, {"connected", connected}}
                  .dump()};
}

class worker_changes {
 public:
  explicit worker_changes(const actors::worker_table& workers)
      : workers_(workers) {}

  std::vector<event> look() {
    std::set<std::string> now;
    for (const auto& row : workers_.rows())
      now.insert(row.name);
    std::vector<event> found;
    for (const auto& name : now)
      if (!seen_.contains(name))
        found.push_back(worker_event(name, true));
    for (const auto& name : seen_)
      if (!now.contains(name))
        found.push_back(worker_event(name, false));
    seen_ = std::move(now);
    return found;
  }

 private:
  const actors::worker_table& workers_;
  std::set<std::string> seen_;
};

} // namespace

void latest_batches::add(const std::vector<storage::batch_row>& rows) {
  const std::scoped_lock lock(mutex_);
  rows_.insert(rows_.end(), rows.begin(), rows.end());
  while (rows_.size() > batches_kept) {
    rows_.pop_front();
    ++left_out_;
  }
}

std::vector<event> latest_batches::take(const storage::record_store& store) {
  std::deque<storage::batch_row> rows;
  std::uint64_t left_out = 0;
  {
    const std::scoped_lock lock(mutex_);
    rows.swap(rows_);
    left_out = std::exchange(left_out_, 0);
  }
  std::vector<event> found;
  if (rows.empty())
    return found;
  const auto view = store.read();
  for (const auto& row : rows)
    found.push_back({.type = "batch",
                     .json = batch_json(view, row).dump(),
                     .skipped = std::exchange(left_out, 0)});
  return found;
}

event_source batch_events(std::shared_ptr<latest_batches> batches,
                          std::shared_ptr<const storage::record_store> store) {
  return {.look = [batches = std::move(batches), store = std::move(store)] {
    return batches->take(*store);
  }};
}

event_source worker_events(const actors::worker_table& workers) {
  return {.every = std::chrono::seconds(1),
          .look = [changes = std::make_shared<worker_changes>(workers)] {
            return changes->look();
          }};
}

event_source signing_events(std::shared_ptr<const signed_folder> folder) {
  return state_source("signing", [folder = std::move(folder)] {
    return std::optional(signing_json(*folder).dump());
  });
}

} // namespace chancery::apps
