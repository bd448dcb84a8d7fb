// SPDX-License-Identifier: Apache-2.0
#pragma once

// The API over a small ledger, asked without a socket.

#include "apps/api/api.hpp"
#include "apps/api/api_access.hpp"
#include "apps/api/api_health.hpp"
#include "apps/api/api_ledger.hpp"
#include "apps/api/api_pages.hpp"
#include "apps/api/event_stream.hpp"
#include "tests/apps/ledgers.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace chancery::tests {

using apps::http_fields;
using apps::http_request;
using apps::http_response;

/// Hands a request to a handler as the server does.
inline http_response handed(const apps::http_handler& handler,
                            const http_request& request) {
  const auto admission = handler.admit(request);
  if (admission.refusal)
    return *admission.refusal;
  if (request.body.size() > admission.body_max)
    return handler.refuse(apps::http_fault::too_large, &request, request.peer);
  std::promise<http_response> answer;
  admission.serve(request,
                  {[&](http_response r) { answer.set_value(std::move(r)); },
                   [&] {
                     answer.set_value({599, {}, {}});
                   }});
  return answer.get_future().get();
}

inline http_request request_of(std::string method, std::string text,
                               http_fields fields = {}, std::string body = {}) {
  http_request request;
  request.method = std::move(method);
  request.text = std::move(text);
  request.target = apps::http_target::parse(request.text).value();
  request.fields = std::move(fields);
  if (!apps::find_field(request.fields, "Host"))
    request.fields.push_back({"Host", "localhost:8080"});
  request.body = std::move(body);
  request.peer.address = "127.0.0.1";
  request.peer.loopback = true;
  return request;
}

inline std::string field(const http_response& response, std::string_view name) {
  return std::string(
      apps::find_field(response.fields, name).value_or("(none)"));
}

inline nlohmann::json json_of(const http_response& response) {
  return nlohmann::json::parse(response.body);
}

/// Whether it is the problem document with this code.
inline bool is_problem(const http_response& response, std::string_view code) {
  if (field(response, "Content-Type") != "application/problem+json")
    return false;
  const auto document = json_of(response);
  return document.at("code") == code &&
         document.at("status") == response.status &&
         document.at("request_id") == field(response, "Request-Id");
}

struct api_world {
  explicit api_world(apps::api_options options = {},
                     bool private_ledger = false,
                     const apps::event_limits& limits = {})
      : events(std::make_shared<apps::event_stream>(
            std::vector<apps::event_source>(), limits)),
        api(routes(private_ledger), logged(std::move(options))) {}

  http_response ask(const std::string& method, const std::string& text,
                    http_fields fields = {}, const std::string& body = {}) {
    return handed(api.handler(),
                  request_of(method, text, std::move(fields), body));
  }
  http_response get(const std::string& text, http_fields fields = {}) {
    return ask("GET", text, std::move(fields));
  }

  small_ledger ledger;
  /// What was submitted; each gets `answer`.
  std::vector<std::string> submitted;
  actors::ledger_answer answer;
  std::mutex mutex; ///< of the log
  std::vector<apps::answered_request> log;
  std::vector<std::string> failures;
  /// What /test/there waits for.
  std::atomic<bool> there{false};
  std::shared_ptr<apps::event_stream> events;
  apps::api api;

 private:
  apps::route_table routes(bool private_ledger) {
    const apps::served_ledger served{
        .store = &*ledger.store,
        .node = ledger.identity.id(),
        .signing = ledger.node(),
        .keys = "the.signed.keys",
        .software = "chancery of a test",
        .submit =
            [this](std::string text,
                   const std::function<void(actors::ledger_answer)>& take) {
              submitted.push_back(std::move(text));
              take(answer);
            },
        .registration = std::nullopt,
        .tokens_for_all = private_ledger};
    apps::route_table table;
    apps::add_chain_routes(table, served);
    apps::add_message_routes(table, served);
    apps::add_access_route(table, private_ledger);
    apps::add_health_routes(
        table, {.alive = {{"node", [] { return std::string(); }}},
                .ready = {{"disk", [] { return std::string("it is full"); }}}});
    table.add(
        {"GET",
         "/test/throws",
         "throws",
         std::nullopt,
         {},
         {},
         apps::answered_now{[](const apps::api_request&) -> http_response {
           throw std::runtime_error("a secret place");
         }}});
    table.add(
        {"GET",
         "/test/there",
         "there",
         std::nullopt,
         {"wait"},
         {},
         apps::answered_when_there{[this](const apps::api_request&, bool last) {
           http_response response;
           response.status = there ? 200 : 202;
           return there || last ? std::optional(response) : std::nullopt;
         }}});
    table.add({"POST",
               "/test/later",
               "later",
               std::nullopt,
               {},
               {},
               apps::planned{}});
    apps::add_event_route(table, events);
    apps::add_page_routes(table);
    return table;
  }

  apps::api_options logged(apps::api_options options) {
    options.log = [this](const auto& line) {
      const std::scoped_lock lock(mutex);
      log.push_back(line);
    };
    options.failed = [this](const auto&, const auto& why) {
      failures.push_back(why);
    };
    return options;
  }
};

} // namespace chancery::tests
