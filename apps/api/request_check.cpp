// SPDX-License-Identifier: Apache-2.0
#include "apps/api/request_check.hpp"

#include "apps/api/problem.hpp"
#include "apps/terminal/figures.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <variant>

namespace chancery::apps {

namespace {

/// Probes and scrapers send the address of the host as Host.
bool takes_any_host(std::string_view pattern) {
  return pattern == "/livez" || pattern == "/readyz" || pattern == "/metrics";
}

std::string_view media_type_of(const http_request& request) {
  const auto sent = find_field(request.fields, "Content-Type").value_or("");
  return without_blanks(sent.substr(0, sent.find(';')));
}

/// What the octets of a body are must not depend on who reads the header.
void refuse_other_octets(const http_fields& fields) {
  const auto count = std::ranges::count_if(fields, [](const auto& field) {
    return same_without_case(field.name, "Content-Type");
  });
  if (count > 1)
    throw problem("wrong_content_type",
                  "the field Content-Type is there twice");
  if (std::ranges::any_of(fields, [](const auto& field) {
        return same_without_case(field.name, "Content-Encoding") &&
               !same_without_case(field.value, "identity");
      }))
    throw problem("wrong_content_type",
                  "a body is taken as it is, without Content-Encoding");
}

void examine_body(const http_request& head, checked_request& e) {
  if (head.method != "POST")
    return;
  refuse_other_octets(head.fields);
  const auto kind = std::ranges::find_if(
      e.wanted->bodies, [sent = media_type_of(head)](const body_kind& kind) {
        return same_without_case(kind.type, sent);
      });
  if (kind == e.wanted->bodies.end()) {
    std::string types;
    for (const auto& b : e.wanted->bodies)
      types += fmt::format("{}{}", types.empty() ? "" : " or ", b.type);
    throw problem("wrong_content_type",
                  fmt::format("the field Content-Type must be {}", types));
  }
  e.type = kind->type;
  e.body_max = kind->bytes_max;
}

void examine_parameters(const http_request& head, const route& wanted) {
  const auto& sent = head.target.parameters;
  for (auto one = sent.begin(); one != sent.end(); ++one) {
    const auto& name = one->first;
    if (std::ranges::find(wanted.parameters, name) == wanted.parameters.end())
      throw problem(
          "bad_parameter",
          wanted.parameters.empty()
              ? std::string("this route takes no parameters")
              : "this route takes no such parameter; it takes " +
                    fmt::format("{}", fmt::join(wanted.parameters, ", ")));
    // A proxy could take the other one.
    if (std::any_of(sent.begin(), one, [&name](const auto& earlier) {
          return earlier.first == name;
        }))
      throw problem("bad_parameter", "a parameter is there twice");
  }
}

} // namespace

problem stopping_problem() { return {"stopping", "the server is stopping"}; }

checked_request check_request(const http_request& head,
                              const route_table& routes,
                              const caller_rules& callers, bool stopping) {
  auto match = routes.find(head.method, head.target.segments);
  if (match.found == nullptr || !takes_any_host(match.found->pattern))
    check_host(head, callers);
  if (stopping)
    throw stopping_problem();
  check_origin(head, callers);
  if (match.found == nullptr)
    throw match.allow.empty()
        ? problem("not_found", "nothing is served under this path")
        : problem("method_not_allowed",
                  "the path is served with " + match.allow);
  checked_request e;
  e.wanted = match.found;
  e.values = std::move(match.values);
  e.open = callers.tokens == nullptr;
  e.caller = caller_of(head, callers, e.wanted->needs, now_ms());
  if (std::holds_alternative<planned>(e.wanted->work))
    throw problem("not_supported", "this route is planned");
  examine_parameters(head, *e.wanted);
  examine_body(head, e);
  return e;
}

} // namespace chancery::apps
