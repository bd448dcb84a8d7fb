// SPDX-License-Identifier: Apache-2.0
#pragma once

// What happens while records are signed, as sources of events.

#include "actors/signing/worker_table.hpp"
#include "apps/api/event_stream.hpp"
#include "apps/folders/signed_folder.hpp"
#include "storage/journal.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace chancery::apps {

/// The latest batches that are on disk, until the events' thread takes them.
class latest_batches {
 public:
  /// Any thread; cheap.
  void add(const std::vector<storage::batch_row>& rows);

  /// `batch` for each, as GET /v1/batches shows it.
  std::vector<event> take(const storage::record_store& store);

 private:
  std::mutex mutex_;
  std::deque<storage::batch_row> rows_;
  std::uint64_t left_out_ = 0;
};

event_source batch_events(std::shared_ptr<latest_batches> batches,
                          std::shared_ptr<const storage::record_store> store);

/// `worker` when one comes or goes: {"worker":"w2","connected":true}. The table
/// outlives the source.
event_source worker_events(const actors::worker_table& workers);

/// `signing`, once a second while somebody reads, as GET /v1/signing.
event_source signing_events(std::shared_ptr<const signed_folder> folder);

} // namespace chancery::apps
