// SPDX-License-Identifier: Apache-2.0
#include "apps/api/api_access.hpp"

#include "apps/api/json_answer.hpp"

#include <string>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

json scopes_of(const api_request& request) {
  auto names = json::array();
  for (const auto s : {scope::submit, scope::read, scope::metrics})
    if (request.may(s))
      names.push_back(to_text(s));
  return names;
}

http_response access_answer(const api_request& request,
                            std::optional<bool> private_ledger) {
  json access{{"open", request.open},
              {"name", nullptr},
              {"scopes", scopes_of(request)}};
  if (request.caller) {
    access["name"] = request.caller->name;
    if (!request.caller->prefix.empty())
      access["prefix"] = request.caller->prefix;
  }
  if (private_ledger)
    access["private_ledger"] = *private_ledger;
  return json_response(access);
}

} // namespace

void add_access_route(route_table& table, std::optional<bool> private_ledger) {
  table.add({"GET",
             "/v1/access",
             "getAccess",
             std::nullopt,
             {},
             {},
             answered_now{[private_ledger](const api_request& request) {
               return access_answer(request, private_ledger);
             }}});
}

} // namespace chancery::apps
