// SPDX-License-Identifier: Apache-2.0
#include "apps/api/api_pages.hpp"

#include "apps/api/page_answer.hpp"
#include "apps/api/problem.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

namespace {

http_response problem_answer(const api_request& request) {
  const auto* kind = find_problem(request.values.at(0));
  if (kind == nullptr)
    throw problem("not_found", "there is no problem with this code");
  return page_answer(problem_page(*kind));
}

/// Answers with a file of the program.
answered_slowly file_route(std::string_view name) {
  const auto files = embedded_files();
  const auto found = std::ranges::find(files, name, &embedded_file::name);
  if (found == files.end())
    throw std::logic_error(fmt::format("the program lacks {}", name));
  return {[file = *found, tag = tag_of(*found)](const api_request& request) {
    return file_answer(request, file, tag);
  }};
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

void add_page_routes(route_table& table) {
  const auto get = [&](std::string_view pattern, std::string_view operation,
                       auto work) {
    table.add({"GET", pattern, operation, std::nullopt, {}, {}, work});
  };
  get("/problems/{code}", "getProblem", answered_now{problem_answer});
  get("/openapi.json", "getOpenApi", file_route("openapi.json"));
  const auto page = list_page(table.routes());
  get("/docs", "getDocs",
      answered_now{[page](const api_request&) { return page_answer(page); }});
}

} // namespace chancery::apps
