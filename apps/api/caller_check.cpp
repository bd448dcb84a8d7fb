// SPDX-License-Identifier: Apache-2.0
#include "apps/api/caller_check.hpp"

#include "apps/api/problem.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace chancery::apps {

namespace {

constexpr std::string_view loopback_names[] = {"localhost", "127.0.0.1",
                                               "[::1]"};

/// Without a port: "[::1]:8080" is "[::1]".
std::string_view without_port(std::string_view host) {
  const auto end = host.rfind(':');
  return end == std::string_view::npos || host.ends_with(']')
             ? host
             : host.substr(0, end);
}

bool is_ours(std::string_view host, const caller_rules& rules) {
  const auto is_name = [name = without_port(host)](std::string_view own) {
    return same_without_case(own, name);
  };
  return std::ranges::any_of(loopback_names, is_name) ||
         std::ranges::any_of(rules.hosts, is_name);
}

bool is_listed(std::string_view origin, const caller_rules& rules) {
  return std::ranges::find(rules.origins, origin) != rules.origins.end();
}

/// Whether the page came from this server itself.
bool is_own_origin(std::string_view origin, const http_request& request) {
  const auto host = find_field(request.fields, "Host").value_or("");
  return same_without_case(
      origin,
      fmt::format("{}://{}", request.peer.tls ? "https" : "http", host));
}

const token_entry* entry_of(const http_request& request,
                            const token_book& tokens) {
  constexpr std::string_view scheme = "bearer ";
  const auto sent = find_field(request.fields, "Authorization");
  if (!sent)
    return request.peer.certificate_key
               ? tokens.find_certificate(*request.peer.certificate_key)
               : nullptr;
  if (!same_without_case(sent->substr(0, scheme.size()), scheme))
    throw problem("token_unknown",
                  "the field Authorization is not of the form Bearer TOKEN");
  const auto* entry = tokens.find_token(sent->substr(scheme.size()));
  if (entry == nullptr)
    throw problem("token_unknown", "the server knows no such token");
  return entry;
}

} // namespace

void check_host(const http_request& request, const caller_rules& rules) {
  const auto host = find_field(request.fields, "Host");
  if (!host || !is_ours(*host, rules))
    throw problem("wrong_host",
                  "this server has another name than the field Host");
}

void check_origin(const http_request& request, const caller_rules& rules) {
  const auto origin = find_field(request.fields, "Origin");
  if (request.method == "POST" && origin && !is_own_origin(*origin, request) &&
      !is_listed(*origin, rules))
    throw problem("not_allowed",
                  "pages of that origin may not send requests: the operator "
                  "lists origins by --cors");
}

std::optional<std::string> listed_origin(const http_request& request,
                                         const caller_rules& rules) {
  const auto origin = find_field(request.fields, "Origin");
  if (!origin || !is_listed(*origin, rules))
    return std::nullopt;
  return std::string(*origin);
}

std::optional<token_entry> caller_of(const http_request& request,
                                     const caller_rules& rules,
                                     std::optional<scope> needs,
                                     std::uint64_t now_ms) {
  if (!rules.tokens)
    return std::nullopt;
  const auto* entry = entry_of(request, *rules.tokens);
  if (entry == nullptr) {
    if (needs)
      throw problem(
          "token_missing",
          fmt::format("this needs a token with the scope {}", to_text(*needs)));
    return std::nullopt;
  }
  if (entry->expired(now_ms))
    throw problem("token_expired", "the token has expired");
  if (needs && !entry->scopes.has(*needs))
    throw problem("scope_missing",
                  fmt::format("the token lacks the scope {}", to_text(*needs)));
  return *entry;
}

} // namespace chancery::apps
