// SPDX-License-Identifier: Apache-2.0
#pragma once

// The API over a data folder, with a `submit` that stores what is posted as a
// service would, or answers what a test says.

#include "api_fixture.hpp"
#include "record_folder.hpp"

#include "apps/api/api_intake.hpp"
#include "apps/api/api_records.hpp"

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <utility>

namespace chancery::tests {

inline constexpr std::string_view octets = "application/octet-stream";
inline constexpr std::string_view one_object = "application/json";
inline constexpr std::string_view many_lines = "application/x-ndjson";

struct intake_world : record_folder {
  explicit intake_world(bool signs = true)
      : store(made_store()), api(routes(signs), options()) {}

  http_response ask(const std::string& method, const std::string& text,
                    std::string_view type = {}, const std::string& body = {},
                    http_fields fields = {}) {
    if (!type.empty())
      fields.push_back({"Content-Type", std::string(type)});
    if (!token.empty())
      fields.push_back({"Authorization", "Bearer " + token});
    return handed(api.handler(),
                  request_of(method, text, std::move(fields), body));
  }
  http_response get(const std::string& text) { return ask("GET", text); }
  http_response post(std::string_view type, const std::string& body,
                     const std::string& query = {}, http_fields fields = {}) {
    return ask("POST", "/v1/records" + query, type, body, std::move(fields));
  }

  std::future<http_response> post_later(std::string_view type,
                                        const std::string& body,
                                        const std::string& query) {
    return std::async(std::launch::async,
                      [=, this] { return post(type, body, query); });
  }

  /// As a service stores it, without the marks.
  actors::record_answer stored(const actors::record_request& request) {
    actors::record_answer answer;
    answer.received_ms = test_time_ms;
    auto txn = store->write();
    const auto first = txn.record_count();
    for (const auto& r : request.records) {
      const auto bytes = crypto::bytes_of(r.bytes);
      answer.records.push_back(
          r.name.empty() ? storage::named_record{.id = txn.append_record(bytes)}
                         : txn.append_record(r.name, bytes));
      if (answer.records.back().what == storage::name_use::taken &&
          !request.skip_taken)
        answer.refused = actors::record_refusal::name_taken;
    }
    if (answer.refused)
      return answer;
    if (const auto added = txn.record_count() - first; added > 0)
      txn.put_arrival({first, static_cast<std::uint32_t>(added), test_time_ms});
    txn.commit();
    return answer;
  }

  /// Signs what is not signed yet, without a word to the API.
  void sign() {
    auto txn = store->write();
    const auto first = txn.first_unsigned(0);
    put_batch(txn, first,
              static_cast<std::uint32_t>(txn.record_count() - first));
    txn.commit();
  }

  /// A token that may do all, within a prefix.
  void limit_to(const std::string& prefix) {
    token = "cht_limited";
    apps::token_entry entry;
    entry.name = "limited";
    entry.scopes = apps::scope_set::all();
    entry.hash = apps::token_hash(token);
    entry.prefix = prefix;
    api.set_tokens(std::make_shared<const apps::token_book>(
        apps::token_book::parse(entry.line())));
  }

  std::shared_ptr<storage::record_store> store;
  std::string token; ///< sent, if there is one
  /// What was submitted last.
  std::optional<actors::record_request> submitted;
  /// Instead of `stored`.
  std::function<void(actors::record_request, actors::record_reply)> submit;
  std::vector<std::string> failures;
  apps::api api;

 private:
  std::shared_ptr<storage::record_store> made_store() {
    make();
    return std::make_shared<storage::record_store>(open());
  }

  apps::api_options options() {
    apps::api_options woken_alone;
    woken_alone.between_attempts = std::chrono::hours(1);
    woken_alone.failed = [this](const auto&, const auto& why) {
      failures.push_back(why);
    };
    return woken_alone;
  }

  apps::route_table routes(bool signs) {
    const auto served =
        std::make_shared<const apps::signed_folder>(root, store);
    apps::served_intake intake;
    if (signs)
      intake.submit = [this](actors::record_request request,
                             const actors::record_reply& reply) {
        submitted = request;
        if (submit)
          return submit(std::move(request), reply);
        reply(stored(request));
      };
    apps::route_table table;
    apps::add_record_routes(table, served);
    apps::add_signature_routes(table, served);
    apps::add_intake_routes(table, served, std::move(intake));
    return table;
  }
};

} // namespace chancery::tests
