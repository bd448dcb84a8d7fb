// SPDX-License-Identifier: Apache-2.0
#pragma once

// An answer's status line and fields as octets (RFC 9112 4). Pure; any thread.

#include "apps/http/http_message.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace chancery::apps {

/// Whether an answer with this status has content (RFC 9110 6.4.1). Those to
/// HEAD have none, either.
bool has_content(int status) noexcept;

/// A time as Date has it (RFC 9110 5.6.7), "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::chrono::system_clock::time_point time);

/// Everything before the body: adds Date, Connection when the connection ends
/// and, where there may be content, Content-Length. In its place an answer with
/// a stream has Transfer-Encoding if it is `chunked` (RFC 9112 7.1), else
/// neither: then it ends with the connection. Throws
/// std::invalid_argument for a status that is none of a final answer, and for
/// a field that could end its line: it would be taken for a second answer.
std::string answer_head(const http_response& response, bool keeps_alive,
                        std::chrono::system_clock::time_point now,
                        bool chunked = true);

/// A piece of a chunked body; with the end of the body where it is the last
/// one. Nothing for no octets that are not the last.
std::string as_chunk(std::string_view octets, bool last);

} // namespace chancery::apps
