// SPDX-License-Identifier: Apache-2.0
#pragma once

// The service's figures for Prometheus, read when somebody asks for them: what
// the parts count is counted once, by them. Labels are few and bounded: routes,
// methods, statuses, codes, stores and reasons; no record, client, key or
// address. Any thread.

#include "actors/systems/ledger_options.hpp"
#include "apps/folders/signed_folder.hpp"
#include "apps/http/http_counters.hpp"
#include "apps/service/record_service.hpp"
#include "apps/service/request_counts.hpp"
#include "storage/ledger_store.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace chancery::apps {

/// Where the figures come from; all of it outlives the metrics. Without
/// `requests` there is no service, and the next three are not asked: only what
/// is stored has figures. `ledger` may be empty: then none is served.
struct measured_service {
  std::string version;
  const request_counts* requests = nullptr;
  std::function<http_counters()> http;
  std::function<actors::ledger_counters()> ledger;
  std::function<std::uint64_t()> log_lines_dropped;
  const storage::ledger_store* store = nullptr; ///< null without a ledger
  std::shared_ptr<const signed_folder> folder;
  const record_service* signing = nullptr; ///< null where nothing is signed
};

/// The text format, version 0.0.4, that Prometheus and its like scrape.
std::string metrics_text(const measured_service& service);

} // namespace chancery::apps
