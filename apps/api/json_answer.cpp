// SPDX-License-Identifier: Apache-2.0
#include "apps/api/json_answer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

} // namespace

http_response json_response(const json& value, int status) {
  return text_response(
      value.dump(-1, ' ', false, json::error_handler_t::replace),
      "application/json", status);
}

http_response text_response(std::string body, std::string_view type,
                            int status) {
  http_response response;
  response.status = status;
  response.fields = {{"Content-Type", std::string(type)},
                     {"Cache-Control", "no-store"}};
  response.body = std::move(body);
  return response;
}

http_response tagged(const api_request& request, http_response response,
                     std::string_view tag) {
  const auto quoted = fmt::format("\"{}\"", tag);
  response.fields.push_back({"ETag", quoted});
  const auto known =
      find_field(request.http.fields, "If-None-Match").value_or("");
  if (known == "*" || lists(known, quoted)) {
    response.status = 304;
    response.body.clear();
  }
  return response;
}

http_response unchanging(const api_request& request, http_response response,
                         std::string_view tag, kept_by who) {
  const auto cache =
      std::ranges::find(response.fields, "Cache-Control", &http_field::name);
  cache->value = fmt::format("{}, max-age=31536000, immutable",
                             who == kept_by::everybody ? "public" : "private");
  return tagged(request, std::move(response), tag);
}

} // namespace chancery::apps
