// SPDX-License-Identifier: Apache-2.0
#pragma once

// All routes of `chancery serve` in one table. openapi.json describes them, and
// a test holds it against this table.

#include "apps/api/api_health.hpp"
#include "apps/api/api_intake.hpp"
#include "apps/api/api_ledger.hpp"
#include "apps/api/api_seals.hpp"
#include "apps/api/event_stream.hpp"
#include "apps/api/route_table.hpp"
#include "apps/folders/signed_folder.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace chancery::apps {

/// What tells how the service is.
struct watched_service {
  served_health health;
  std::function<std::string()> metrics;
  std::shared_ptr<event_stream> events{}; ///< null where no request comes
};

/// `ledger`: nothing where none is served. `roots` may be null: none is
/// trusted.
route_table service_routes(const std::optional<served_ledger>& ledger,
                           const std::shared_ptr<const signed_folder>& folder,
                           const watched_service& watched,
                           const served_intake& intake,
                           const std::shared_ptr<const trusted_roots>& roots);

/// Health and metrics alone, for an address of their own.
route_table ops_routes(const watched_service& watched);

} // namespace chancery::apps
