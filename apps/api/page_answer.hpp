// SPDX-License-Identifier: Apache-2.0
#pragma once

// Answers for browsers: pages, and the files of the program that they load,
// with the policy that keeps them to themselves. Pure functions; any thread.

#include "apps/api/embedded_file.hpp"
#include "apps/api/route_table.hpp"
#include "apps/http/http_message.hpp"

#include <string>
#include <string_view>

namespace chancery::apps {

/// Whether a page's scripts may turn text into markup or code. Those of others
/// do so; ours never, and the browser holds them to it (Trusted Types).
enum class markup_from_text { allowed, refused };

/// The policy of a page that connects to `connect` alone, without what only a
/// field can say: who may frame it.
std::string page_policy(std::string_view connect, markup_from_text markup);

/// Adds the fields that every page and every file of a page has: code and
/// connections only from and to this server, no frame, no referrer.
void add_page_policy(http_response& response, markup_from_text markup);

/// A page of HTML.
http_response page_answer(std::string html);

/// What names a file's contents in an ETag.
std::string tag_of(const embedded_file& file);

/// A file, compressed if the request takes that. May take over a millisecond.
http_response file_answer(const api_request& request, const embedded_file& file,
                          std::string_view tag, markup_from_text markup);

/// Whether a client takes gzip (RFC 9110 12.5.3).
bool takes_gzip(const http_fields& fields);

} // namespace chancery::apps
