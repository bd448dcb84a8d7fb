// SPDX-License-Identifier: Apache-2.0
#include "apps/api/api_records.hpp"

#include "actors/signing/lease_replay.hpp"
#include "apps/answers/signature_line.hpp"
#include "apps/api/json_answer.hpp"
#include "apps/api/parameters.hpp"
#include "apps/api/problem.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/keys/signature.hpp"
#include "storage/record_name.hpp"

#include <fmt/format.h>
#include <utility>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

std::string_view reason_of(storage::short_reason reason) {
  switch (reason) {
  case storage::short_reason::full:
    return "full";
  case storage::short_reason::gap:
    return "gap";
  case storage::short_reason::end:
    return "end";
  case storage::short_reason::waited:
    return "waited";
  case storage::short_reason::withdrawn:
    return "withdrawn";
  }
  return "unknown";
}

json batch_json(const storage::batch_row& batch) {
  return {{"first", batch.first},
          {"count", batch.count},
          {"lease", actors::fence_text(batch.fence)},
          {"key", crypto::to_text(batch.key)},
          {"reason", reason_of(batch.reason)},
          {"time", time_text(batch.time_ms)}};
}

/// The first number to look at behind `after`.
std::uint64_t begin_of(const api_request& request) {
  const auto after = number_parameter(request, "after");
  return after ? *after + 1 : 0;
}

std::string next_page(std::string_view path, std::uint64_t last,
                      std::uint64_t limit, std::string_view more = {}) {
  return fmt::format("{}?after={}&limit={}{}", path, last, limit, more);
}

class record_routes {
 public:
  explicit record_routes(std::shared_ptr<const signed_folder> folder)
      : folder_(std::move(folder)) {}

  http_response list(const api_request& request) const {
    const auto limit = limit_parameter(request);
    const auto state = request.parameter("state").value_or("any");
    if (state != "any" && state != "signed" && state != "unsigned")
      throw problem("bad_parameter", "state is any, signed or unsigned");
    json rows = json::array();
    json answer;
    if (const auto store = folder_->records()) {
      const auto view = store->read();
      auto id = next_in(view, begin_of(request), state);
      for (; id < view.record_count() && rows.size() < limit;
           id = next_in(view, id + 1, state))
        rows.push_back(summary(view, id));
      answer["records"] = std::move(rows);
      if (id < view.record_count())
        answer["next"] =
            next_page("/v1/records", id - 1, limit,
                      state == "any" ? "" : fmt::format("&state={}", state));
      return json_response(answer);
    }
    return json_response({{"records", std::move(rows)}});
  }

  http_response record(const api_request& request) const {
    const auto [store, id] = wanted(request);
    return whole(store->read(), id);
  }

  http_response record_by_name(const api_request& request) const {
    const auto name = request.parameter("name");
    if (!name)
      throw problem("bad_parameter", "name is missing");
    if (const auto fault = storage::name_fault(*name); !fault.empty())
      throw problem("bad_parameter", fmt::format("the name {}", fault));
    if (const auto store = folder_->records()) {
      const auto view = store->read();
      if (const auto id = view.id_of(*name))
        return whole(view, *id);
    }
    throw problem("not_found", "no record has this name");
  }

  http_response data(const api_request& request) const {
    const auto [store, id] = wanted(request);
    const auto view = store->read();
    auto response =
        text_response(std::string(crypto::text_of(*view.record(id))),
                      "application/octet-stream");
    response.fields.push_back(
        {"Content-Disposition",
         fmt::format("attachment; filename=\"record-{}\"", id)});
    return unchanging(request, std::move(response), fmt::format("r{}", id),
                      kept_by::asker);
  }

  std::optional<http_response> signature(const api_request& request,
                                         bool last) const {
    const auto [store, id] = wanted(request);
    const auto view = store->read();
    const auto batch = view.batch_of(id);
    if (!batch) {
      if (!last)
        return std::nullopt;
      auto response = json_response({{"signed", false}}, 202);
      response.fields.push_back({"Retry-After", "1"});
      return response;
    }
    return text_response(signature_line({.record = id,
                                         .name = view.name_of(id),
                                         .batch = *batch,
                                         .bytes = *view.signature(id)},
                                        algorithm()),
                         "application/json");
  }

  http_response signature_der(const api_request& request) const {
    const auto [store, id] = wanted(request);
    const auto view = store->read();
    const auto raw = view.signature(id);
    if (!raw)
      throw problem("not_there_yet", "the record is not signed yet");
    auto response = text_response(crypto::raw_to_der(keys()->curve, *raw),
                                  "application/octet-stream");
    response.fields.push_back(
        {"Content-Disposition",
         fmt::format("attachment; filename=\"record-{}.sig\"", id)});
    return response;
  }

  /// In the order of ids, up to the first record that is not signed.
  std::optional<http_response> feed(const api_request& request,
                                    bool last) const {
    const auto limit = limit_parameter(request);
    std::string lines;
    if (const auto store = folder_->records()) {
      const auto view = store->read();
      const auto begin = begin_of(request);
      const auto end = std::min(begin + limit, view.record_count());
      const auto alg = begin < end ? algorithm() : "";
      std::optional<storage::batch_row> batch;
      for (auto id = begin; id < end; ++id) {
        if (!batch || id >= batch->first + batch->count)
          batch = view.batch_of(id);
        const auto raw = view.signature(id);
        if (!batch || !raw)
          break;
        lines += signature_line({.record = id,
                                 .name = view.name_of(id),
                                 .batch = *batch,
                                 .bytes = *raw},
                                alg) +
                 "\n";
      }
    }
    if (lines.empty() && !last)
      return std::nullopt;
    return text_response(std::move(lines), "application/x-ndjson");
  }

  http_response batches(const api_request& request) const {
    const auto limit = limit_parameter(request);
    json rows = json::array();
    json answer;
    if (const auto store = folder_->records()) {
      const auto view = store->read();
      auto walk = view.walk(storage::table::batches);
      bool more = walk.seek(begin_of(request));
      std::uint64_t last = 0;
      for (; more && rows.size() < limit; more = walk.next()) {
        last = walk.key();
        rows.push_back(batch_json(*view.batch_of(last)));
      }
      answer["batches"] = std::move(rows);
      if (more)
        answer["next"] = next_page("/v1/batches", last, limit);
      return json_response(answer);
    }
    return json_response({{"batches", std::move(rows)}});
  }

  http_response batch(const api_request& request) const {
    const auto first = number_value("first", request.values.at(0));
    const auto store = folder_->records();
    const auto found = store ? store->read().batch_of(first) : std::nullopt;
    if (!found || found->first != first)
      throw problem("not_found", "no batch begins at this record");
    return json_response(batch_json(*found));
  }

 private:
  using store_ptr = std::shared_ptr<const storage::record_store>;

  /// The store and the id that the path names. Throws when there is no such
  /// record.
  std::pair<store_ptr, std::uint64_t> wanted(const api_request& request) const {
    const auto id = number_value("id", request.values.at(0));
    auto store = folder_->records();
    const auto count = store ? store->read().record_count() : 0;
    if (id >= count)
      throw problem("not_found", "there are fewer records, with ids from 0",
                    {{"records", count}});
    return {std::move(store), id};
  }

  std::shared_ptr<const crypto::public_keyring> keys() const {
    auto keys = folder_->keys();
    if (!keys)
      throw std::runtime_error("keyring.pub.json is missing");
    return keys;
  }

  std::string_view algorithm() const {
    return crypto::jws_algorithm(keys()->curve);
  }

  /// The first record from `id` on in this state; the number of records if
  /// there is none.
  static std::uint64_t next_in(const storage::snapshot& view, std::uint64_t id,
                               std::string_view state) {
    const auto count = view.record_count();
    if (id >= count || state == "any")
      return id;
    if (state == "unsigned")
      return std::min(view.first_unsigned(id), count);
    if (view.batch_of(id))
      return id;
    return view.next_batch_start(id).value_or(count);
  }

  http_response whole(const storage::snapshot& view, std::uint64_t id) const {
    auto answer = summary(view, id);
    if (const auto batch = view.batch_of(id))
      answer["signature"] = signature_json(view, id, *batch);
    return json_response(answer);
  }

  static json summary(const storage::snapshot& view, std::uint64_t id) {
    const auto name = view.name_of(id);
    const auto came = view.arrival_of(id);
    return {{"id", id},
            {"name", name ? json(*name) : json()},
            {"size", view.record(id)->size()},
            {"received", came ? json(time_text(came->time_ms)) : json()},
            {"signed", view.batch_of(id).has_value()}};
  }

  json signature_json(const storage::snapshot& view, std::uint64_t id,
                      const storage::batch_row& batch) const {
    return {{"key", crypto::to_text(batch.key)},
            {"alg", algorithm()},
            {"value", crypto::base64url_encode(*view.signature(id))},
            {"batch",
             {{"first", batch.first},
              {"count", batch.count},
              {"lease", actors::fence_text(batch.fence)}}},
            {"time", time_text(batch.time_ms)}};
  }

  std::shared_ptr<const signed_folder> folder_;
};

} // namespace

void add_record_routes(route_table& table,
                       std::shared_ptr<const signed_folder> folder) {
  const auto routes = std::make_shared<const record_routes>(std::move(folder));
  const auto get =
      [&](std::string_view pattern, std::string_view operation,
          http_response (record_routes::*method)(const api_request&) const,
          bool slow, std::vector<std::string_view> parameters) {
        answered_now now = [routes, method](const api_request& request) {
          return (*routes.*method)(request);
        };
        route r{"GET", pattern,  operation, scope::read, std::move(parameters),
                {},    planned{}};
        if (slow)
          r.work = answered_slowly{std::move(now)};
        else
          r.work = std::move(now);
        table.add(std::move(r));
      };
  get("/v1/records", "listRecords", &record_routes::list, true,
      {"after", "limit", "state"});
  get("/v1/records/by-name", "getRecordByName", &record_routes::record_by_name,
      false, {"name"});
  get("/v1/records/{id}", "getRecord", &record_routes::record, false, {});
  get("/v1/records/{id}/data", "getRecordData", &record_routes::data, true, {});
  get("/v1/records/{id}/signature.der", "getSignatureDer",
      &record_routes::signature_der, false, {});
  get("/v1/batches", "listBatches", &record_routes::batches, true,
      {"after", "limit"});
  get("/v1/batches/{first}", "getBatch", &record_routes::batch, false, {});
  const auto get_when_there =
      [&](std::string_view pattern, std::string_view operation,
          std::optional<http_response> (record_routes::*method)(
              const api_request&, bool) const,
          bool slow, std::vector<std::string_view> parameters) {
        table.add({"GET",
                   pattern,
                   operation,
                   scope::read,
                   std::move(parameters),
                   {},
                   answered_when_there{
                       [routes, method](const api_request& r, bool last) {
                         return (*routes.*method)(r, last);
                       },
                       slow}});
      };
  get_when_there("/v1/records/{id}/signature", "getSignature",
                 &record_routes::signature, false, {"wait"});
  get_when_there("/v1/signatures", "listSignatures", &record_routes::feed, true,
                 {"after", "limit", "wait"});
}

} // namespace chancery::apps
