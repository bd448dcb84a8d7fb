// SPDX-License-Identifier: Apache-2.0
#include "apps/api/api_seals.hpp"

#include "apps/answers/seal_answers.hpp"
#include "apps/api/json_answer.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/seals/seal_check.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace chancery::apps {

namespace {

/// A record of 16 MiB in base64url, certificates and tokens.
constexpr std::uint64_t seal_body_max = std::uint64_t{24} << 20;

} // namespace

void add_seal_route(route_table& table,
                    const std::shared_ptr<const trusted_roots>& roots) {
  crypto::seal_check_options trust;
  if (roots)
    trust.roots = *roots;
  table.add(
      {"POST",
       "/v1/check",
       "checkSeal",
       scope::read,
       {},
       {{"application/jose", seal_body_max},
        {"application/jose+json", seal_body_max}},
       answered_slowly{[trust = std::move(trust)](const api_request& request) {
         auto options = trust;
         options.at = static_cast<std::int64_t>(now_ms() / 1'000);
         return json_response(
             seal_json(crypto::check_seal(request.http.body, options)));
       }}});
}

} // namespace chancery::apps
