// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/serve_watch.hpp"

#include "apps/api/ledger_events.hpp"

#include <utility>
#include <vector>

namespace chancery::apps {

std::shared_ptr<event_stream>
events_of(const record_service* records, const serve_ledger* ledger,
          std::shared_ptr<latest_batches> batches,
          std::shared_ptr<const signed_folder> folder) {
  std::vector<event_source> sources;
  sources.push_back(signing_events(std::move(folder)));
  if (records != nullptr) {
    sources.push_back(batch_events(std::move(batches), records->store()));
    sources.push_back(worker_events(records->progress().workers));
  }
  if (ledger != nullptr) {
    sources.push_back(block_events(ledger->store()));
    sources.push_back(
        refusal_events([ledger] { return ledger->node().counters().refused; }));
  }
  return std::make_shared<event_stream>(std::move(sources));
}

measured_service measured(const request_counts& counts, const request_log& log,
                          const std::atomic<api_server*>& serving,
                          const record_service* records,
                          const serve_ledger* ledger,
                          std::shared_ptr<const signed_folder> folder) {
  measured_service service;
  service.signing = records;
  service.version = CHANCERY_VERSION;
  service.requests = &counts;
  service.http = [&serving] {
    const auto* server = serving.load();
    return server == nullptr ? http_counters{} : server->counters();
  };
  service.log_lines_dropped = [&log] { return log.dropped(); };
  if (ledger != nullptr) {
    service.ledger = [ledger] { return ledger->node().counters(); };
    service.store = &ledger->store();
  }
  service.folder = std::move(folder);
  return service;
}

} // namespace chancery::apps
