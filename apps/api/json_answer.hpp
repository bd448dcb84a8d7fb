// SPDX-License-Identifier: Apache-2.0
#pragma once

// Answers as responses: JSON with what caches may do, and what never changes.
// Pure functions; any thread.

#include "apps/api/route_table.hpp"
#include "apps/http/http_message.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace chancery::apps {

/// `no-store`: it changes.
http_response json_response(const nlohmann::ordered_json& value,
                            int status = 200);

/// The same for a text that is made already.
http_response text_response(std::string body, std::string_view type,
                            int status = 200);

/// Sets ETag, and leaves the body out with 304 where the request has it already
/// (RFC 9110 13.1.2).
http_response tagged(const api_request& request, http_response response,
                     std::string_view tag);

/// Whether all may keep an answer, or only who was allowed to ask.
enum class kept_by { everybody, asker };

/// Of what never changes: the same, with a Cache-Control that says so.
http_response unchanging(const api_request& request, http_response response,
                         std::string_view tag, kept_by who);

} // namespace chancery::apps
