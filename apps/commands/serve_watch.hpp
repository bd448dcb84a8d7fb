// SPDX-License-Identifier: Apache-2.0
#pragma once

// What `serve` shows of itself while it runs: events and metrics; and whom it
// wakes when signatures are stored. Null for a half that is not served.

#include "apps/api/event_stream.hpp"
#include "apps/api/signing_events.hpp"
#include "apps/commands/serve_ledger.hpp"
#include "apps/folders/signed_folder.hpp"
#include "apps/service/api_server.hpp"
#include "apps/service/record_service.hpp"
#include "apps/service/request_counts.hpp"
#include "apps/service/request_log.hpp"
#include "apps/service/service_metrics.hpp"

#include <atomic>
#include <memory>
#include <mutex>

namespace chancery::apps {

/// Wakes the requests that wait for signatures, while there is a server.
class waiting_requests {
 public:
  void follow(api_server* server) {
    const std::scoped_lock lock(mutex_);
    server_ = server;
  }
  void wake() {
    const std::scoped_lock lock(mutex_);
    if (server_ != nullptr)
      server_->wake();
  }

 private:
  std::mutex mutex_;
  api_server* server_ = nullptr; ///< guarded by mutex_
};

/// What GET /v1/events sends. It uses both halves as long as it lives.
std::shared_ptr<event_stream>
events_of(const record_service* records, const serve_ledger* ledger,
          std::shared_ptr<latest_batches> batches,
          std::shared_ptr<const signed_folder> folder);

/// All of it outlives the metrics.
measured_service measured(const request_counts& counts, const request_log& log,
                          const std::atomic<api_server*>& serving,
                          const record_service* records,
                          const serve_ledger* ledger,
                          std::shared_ptr<const signed_folder> folder);

} // namespace chancery::apps
