// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/signature_line.hpp"
#include "apps/api/api_records.hpp"
#include "apps/api/json_answer.hpp"
#include "apps/api/problem.hpp"
#include "apps/api/record_access.hpp"
#include "apps/api/record_json.hpp"
#include "apps/api/signature_feed.hpp"
#include "apps/api/withdrawn_index.hpp"
#include "crypto/keys/signature.hpp"

#include <fmt/format.h>
#include <utility>

namespace chancery::apps {

namespace {

class signature_routes {
 public:
  explicit signature_routes(std::shared_ptr<const signed_folder> folder)
      : folder_(std::move(folder)) {}

  std::optional<http_response> signature(const api_request& request,
                                         bool last) {
    const auto [store, view, id] = find_record(*folder_, request);
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
                                        algorithm_of(*store)),
                         "application/json");
  }

  http_response der(const api_request& request) const {
    const auto [store, view, id] = find_record(*folder_, request);
    const auto raw = view.signature(id);
    if (!raw)
      throw problem("not_there_yet", "the record is not signed yet");
    auto response = text_response(crypto::raw_to_der(curve_of(*store), *raw),
                                  "application/octet-stream");
    response.fields.push_back(
        {"Content-Disposition",
         fmt::format("attachment; filename=\"record-{}.sig\"", id)});
    return response;
  }

  std::optional<http_response> feed(const api_request& request, bool last) {
    signature_feed page(request);
    if (const auto store = folder_->records()) {
      const auto view = store->read();
      page.add(view, withdrawn_.in(view), algorithm_of(*store));
    }
    if (page.lines().empty() && !page.cut() && !last)
      return std::nullopt;
    auto response = text_response(page.lines(), "application/x-ndjson");
    response.fields.push_back(
        {"Link", fmt::format("<{}>; rel=\"next\"", page.next())});
    return response;
  }

 private:
  std::shared_ptr<const signed_folder> folder_;
  withdrawn_index withdrawn_;
};

} // namespace

void add_signature_routes(route_table& table,
                          std::shared_ptr<const signed_folder> folder) {
  const auto routes = std::make_shared<signature_routes>(std::move(folder));
  table.add({"GET",
             "/v1/records/{id}/signature",
             "getSignature",
             scope::read,
             {"wait"},
             {},
             answered_when_there{[routes](const api_request& r, bool last) {
               return routes->signature(r, last);
             }}});
  table.add({"GET",
             "/v1/records/{id}/signature.der",
             "getSignatureDer",
             scope::read,
             {},
             {},
             answered_now{
                 [routes](const api_request& r) { return routes->der(r); }}});
  table.add({"GET",
             "/v1/signatures",
             "listSignatures",
             scope::read,
             {"after", "replaced_after", "limit", "wait"},
             {},
             answered_when_there{[routes](const api_request& r, bool last) {
                                   return routes->feed(r, last);
                                 },
                                 true}});
}

} // namespace chancery::apps
