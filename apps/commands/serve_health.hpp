// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the probes of `serve` ask: whether its parts work, and whether it should
// get requests. Pure functions; what they refer to outlives the checks.

#include "apps/api/api_health.hpp"
#include "apps/commands/serve_ledger.hpp"
#include "apps/service/api_server.hpp"
#include "apps/service/record_service.hpp"

#include <atomic>

namespace chancery::apps {

/// Null for a half that is not served, and for a server that is not there yet.
served_health health_of(const record_service* records,
                        const serve_ledger* ledger,
                        const std::atomic<api_server*>& server,
                        const std::atomic<bool>& stop);

} // namespace chancery::apps
