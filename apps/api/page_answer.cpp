// SPDX-License-Identifier: Apache-2.0
#include "apps/api/page_answer.hpp"

#include "apps/api/json_answer.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/gzip.hpp"
#include "crypto/base/hash.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace chancery::apps {

namespace {

std::string_view type_of_file(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> types[] = {
      {".json", "application/json"},
      {".html", "text/html; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".svg", "image/svg+xml"}};
  for (const auto& [ending, type] : types)
    if (name.ends_with(ending))
      return type;
  return "text/plain; charset=utf-8";
}

/// Whether a member of Accept-Encoding has the weight 0, which refuses it.
bool weighs_nothing(std::string_view parameters) {
  const auto at = parameters.find("q=0");
  return at != std::string_view::npos &&
         parameters.find_first_of("123456789", at) == std::string_view::npos;
}

} // namespace

std::string page_policy(std::string_view connect, markup_from_text markup) {
  return fmt::format(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src "
      "'self' data:; connect-src {}; base-uri 'none'; form-action 'none'{}",
      connect,
      markup == markup_from_text::refused
          ? "; require-trusted-types-for 'script'; trusted-types 'none'"
          : "");
}

void add_page_policy(http_response& response, markup_from_text markup) {
  response.fields.insert(
      response.fields.end(),
      {{"Content-Security-Policy",
        page_policy("'self'", markup) + "; frame-ancestors 'none'"},
       {"Referrer-Policy", "no-referrer"},
       {"Cross-Origin-Opener-Policy", "same-origin"},
       {"Cross-Origin-Resource-Policy", "same-origin"}});
}

http_response page_answer(std::string html) {
  auto response = text_response(std::move(html), "text/html; charset=utf-8");
  add_page_policy(response, markup_from_text::refused);
  return response;
}

std::string tag_of(const embedded_file& file) {
  const auto hash = crypto::sha256(crypto::bytes_of(file.gzip));
  return crypto::base64url_encode(std::as_bytes(std::span(hash).first(16)));
}

http_response file_answer(const api_request& request, const embedded_file& file,
                          std::string_view tag, markup_from_text markup) {
  const bool packed = takes_gzip(request.http.fields);
  http_response response;
  // Another version of the program has other files under these names.
  response.fields = {{"Content-Type", std::string(type_of_file(file.name))},
                     {"Cache-Control", "no-cache"},
                     {"Vary", "Accept-Encoding"}};
  if (packed)
    response.fields.push_back({"Content-Encoding", "gzip"});
  add_page_policy(response, markup);
  response = tagged(request, std::move(response),
                    packed ? fmt::format("{}-gzip", tag) : std::string(tag));
  if (response.status == 200)
    response.body = packed ? file.gzip : crypto::gunzip(file.gzip);
  return response;
}

bool takes_gzip(const http_fields& fields) {
  std::string_view list = find_field(fields, "Accept-Encoding").value_or("");
  bool others = false;
  while (!list.empty()) {
    const auto item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(item.size() + 1, list.size()));
    const auto coding = without_blanks(item.substr(0, item.find(';')));
    const bool takes = !weighs_nothing(item);
    if (same_without_case(coding, "gzip") ||
        same_without_case(coding, "x-gzip"))
      return takes;
    others = others || (coding == "*" && takes);
  }
  return others;
}

} // namespace chancery::apps
