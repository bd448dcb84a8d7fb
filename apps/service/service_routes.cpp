// SPDX-License-Identifier: Apache-2.0
#include "apps/service/service_routes.hpp"

#include "apps/api/api_access.hpp"
#include "apps/api/api_pages.hpp"
#include "apps/api/api_planned.hpp"
#include "apps/api/api_records.hpp"

namespace chancery::apps {

namespace {

void add_watch_routes(route_table& table, const watched_service& watched) {
  add_health_routes(table, watched.health);
  add_metrics_route(table, watched.metrics);
}

} // namespace

route_table service_routes(const std::optional<served_ledger>& ledger,
                           const std::shared_ptr<const signed_folder>& folder,
                           const watched_service& watched,
                           const served_intake& intake,
                           const std::shared_ptr<const trusted_roots>& roots) {
  route_table table;
  if (ledger) {
    add_chain_routes(table, *ledger);
    add_message_routes(table, *ledger);
  }
  add_access_route(table, ledger ? std::optional(ledger->tokens_for_all)
                                 : std::nullopt);
  add_record_routes(table, folder);
  add_signature_routes(table, folder);
  add_intake_routes(table, folder, intake);
  add_key_routes(table, folder);
  add_signing_routes(table, folder);
  add_seal_route(table, roots);
  add_planned_routes(table);
  add_watch_routes(table, watched);
  add_event_route(table, watched.events);
  add_page_routes(table);
  return table;
}

route_table ops_routes(const watched_service& watched) {
  route_table table;
  add_watch_routes(table, watched);
  return table;
}

} // namespace chancery::apps
