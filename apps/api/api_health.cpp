// SPDX-License-Identifier: Apache-2.0
#include "apps/api/api_health.hpp"

#include "apps/api/json_answer.hpp"

#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

http_response health_answer(const std::vector<health_check>& checks) {
  bool well = true;
  json rows = json::array();
  for (const auto& check : checks) {
    const auto fault = check.fault();
    well = well && fault.empty();
    json row{{"name", check.name}, {"ok", fault.empty()}};
    if (!fault.empty())
      row["reason"] = fault;
    rows.push_back(std::move(row));
  }
  return json_response({{"ok", well}, {"checks", std::move(rows)}},
                       well ? 200 : 503);
}

} // namespace

void add_health_routes(route_table& table, const served_health& health) {
  const auto add = [&](std::string_view pattern, std::string_view operation,
                       const std::vector<health_check>& checks) {
    table.add({"GET",
               pattern,
               operation,
               std::nullopt,
               {"verbose"},
               {},
               answered_now{[checks](const api_request&) {
                 return health_answer(checks);
               }}});
  };
  add("/livez", "getLiveness", health.alive);
  add("/readyz", "getReadiness", health.ready);
}

void add_metrics_route(route_table& table, std::function<std::string()> text) {
  table.add({"GET",
             "/metrics",
             "getMetrics",
             scope::metrics,
             {},
             {},
             answered_slowly{[text = std::move(text)](const api_request&) {
               return text_response(text(),
                                    "text/plain; version=0.0.4; charset=utf-8");
             }}});
}

} // namespace chancery::apps
