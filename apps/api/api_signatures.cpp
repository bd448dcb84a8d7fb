// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/seal_text.hpp"
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
#include <mutex>
#include <optional>
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
    const stored_signature stored{.record = id,
                                  .name = view.name_of(id),
                                  .batch = *batch,
                                  .bytes = *view.signature(id)};
    if (batch->format == storage::signature_format::jades)
      return text_response(
          seal_text(formats(*store), view, stored, seal_serialization::compact),
          "application/jose");
    return text_response(signature_line(stored, algorithm_of(*store)),
                         "application/json");
  }

  http_response der(const api_request& request) const {
    const auto [store, view, id] = find_record(*folder_, request);
    const auto raw = view.signature(id);
    if (!raw)
      throw problem("not_there_yet", "the record is not signed yet");
    if (view.batch_of(id)->format != storage::signature_format::raw)
      throw problem("not_found", "the record has a seal, which has no form in "
                                 "DER: leave out .der");
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
      page.add(view, withdrawn_.in(view), algorithm_of(*store),
               formats(*store));
    }
    if (page.lines().empty() && !page.cut() && !last)
      return std::nullopt;
    auto response = text_response(page.lines(), "application/x-ndjson");
    response.fields.push_back(
        {"Link", fmt::format("<{}>; rel=\"next\"", page.next())});
    return response;
  }

 private:
  actors::seal_formats& formats(const storage::record_store& store) {
    std::call_once(formats_made_, [&] { formats_.emplace(curve_of(store)); });
    return *formats_;
  }

  std::shared_ptr<const signed_folder> folder_;
  withdrawn_index withdrawn_;
  std::once_flag formats_made_;
  std::optional<actors::seal_formats> formats_;
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
