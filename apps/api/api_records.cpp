// SPDX-License-Identifier: Apache-2.0
#include "apps/api/api_records.hpp"

#include "actors/signing/lease_replay.hpp"
#include "apps/api/json_answer.hpp"
#include "apps/api/parameters.hpp"
#include "apps/api/problem.hpp"
#include "apps/api/record_access.hpp"
#include "apps/api/record_json.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "storage/record_name.hpp"

#include <fmt/format.h>
#include <span>
#include <utility>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

/// The first number to look at behind `after`.
std::uint64_t begin_of(const api_request& request) {
  const auto after = number_parameter(request, "after");
  return after ? *after + 1 : 0;
}

std::string next_page(std::string_view path, std::uint64_t last,
                      std::uint64_t limit, std::string_view more = {}) {
  return fmt::format("{}?after={}&limit={}{}", path, last, limit, more);
}

/// Of a page, with those that the request may not access and leaves out.
constexpr std::uint64_t looked_at_max = 10'000;

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
      for (std::uint64_t looked_at = 0;
           id < view.record_count() && rows.size() < limit &&
           looked_at < looked_at_max;
           id = next_in(view, id + 1, state), ++looked_at)
        if (may_access(request, view.name_of(id)))
          rows.push_back(record_summary(view, id));
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
    const auto found = find_record(*folder_, request);
    return json_response(
        record_json(found.view, found.id, algorithm_of(*found.store)));
  }

  http_response record_by_name(const api_request& request) const {
    const auto name = request.parameter("name");
    if (!name)
      throw problem("bad_parameter", "name is missing");
    if (const auto fault = storage::name_fault(*name); !fault.empty())
      throw problem("bad_parameter", fmt::format("the name {}", fault));
    require_access(request, *name);
    if (const auto store = folder_->records()) {
      const auto view = store->read();
      if (const auto id = view.id_of(*name))
        return json_response(record_json(view, *id, algorithm_of(*store)));
    }
    throw problem("not_found", "no record has this name");
  }

  http_response data(const api_request& request) const {
    const auto found = find_record(*folder_, request);
    const auto id = found.id;
    auto response =
        text_response(std::string(crypto::text_of(*found.view.record(id))),
                      "application/octet-stream");
    response.fields.push_back(
        {"Content-Disposition",
         fmt::format("attachment; filename=\"record-{}\"", id)});
    // Another folder on this address has other records under these ids.
    const auto folder = folder_->records()->info().folder_id;
    return unchanging(request, std::move(response),
                      fmt::format("{}-r{}",
                                  crypto::base64url_encode(std::as_bytes(
                                      std::span(folder).first(6))),
                                  id),
                      kept_by::asker);
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
        rows.push_back(batch_json(view, *view.batch_of(last)));
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
    const auto view = store ? std::optional(store->read()) : std::nullopt;
    const auto found = view ? view->batch_of(first) : std::nullopt;
    if (!found || found->first != first)
      throw problem("not_found", "no batch begins at this record");
    return json_response(batch_json(*view, *found));
  }

 private:
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
  get("/v1/batches", "listBatches", &record_routes::batches, true,
      {"after", "limit"});
  get("/v1/batches/{first}", "getBatch", &record_routes::batch, false, {});
}

} // namespace chancery::apps
