// SPDX-License-Identifier: Apache-2.0
#include "apps/api/api_health.hpp"

#include "apps/api/json_answer.hpp"
#include "apps/api/problem.hpp"

#include <fmt/format.h>
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

http_response page_response(std::string html) {
  auto response = text_response(std::move(html), "text/html; charset=utf-8");
  response.fields.push_back(
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src "
       "'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
       "frame-ancestors 'none'"});
  response.fields.push_back({"Referrer-Policy", "no-referrer"});
  response.fields.push_back({"Cross-Origin-Opener-Policy", "same-origin"});
  response.fields.push_back({"Cross-Origin-Resource-Policy", "same-origin"});
  return response;
}

http_response problem_answer(const api_request& request) {
  const auto* kind = find_problem(request.values.at(0));
  if (kind == nullptr)
    throw problem("not_found", "there is no problem with this code");
  return page_response(problem_page(*kind));
}

std::string row_of(const route& r) {
  std::string bodies;
  for (const auto& body : r.bodies)
    bodies += fmt::format("{}{}", bodies.empty() ? "" : ", ", body.type);
  const bool soon = std::holds_alternative<planned>(r.work);
  return fmt::format("<tr><td>{}<td><code>{}</code><td>{}<td>{}<td>{}\n",
                     r.method, r.pattern, fmt::join(r.parameters, ", "), bodies,
                     soon      ? "planned"
                     : r.needs ? to_text(*r.needs)
                               : "no token needed");
}

std::string list_page(const std::vector<route>& routes) {
  std::string rows;
  for (const auto& r : routes)
    rows += row_of(r);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
      "<title>chancery: the routes</title>\n<h1>The routes</h1>\n"
      "<table>\n<tr><th>method<th>path<th>parameters<th>body<th>scope of the "
      "token\n{}</table>\n</html>\n",
      rows);
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

void add_page_routes(route_table& table) {
  table.add({"GET",
             "/problems/{code}",
             "getProblem",
             std::nullopt,
             {},
             {},
             answered_now{problem_answer}});
  const auto page = list_page(table.routes());
  table.add({"GET",
             "/docs",
             "getDocs",
             std::nullopt,
             {},
             {},
             answered_now{
                 [page](const api_request&) { return page_response(page); }}});
}

} // namespace chancery::apps
