// SPDX-License-Identifier: Apache-2.0
#pragma once

// An answer's status line and fields as octets (RFC 9112 4). Pure; any thread.

#include "apps/http/http_message.hpp"

#include <chrono>
#include <string>

namespace chancery::apps {

/// Whether an answer with this status has content (RFC 9110 6.4.1). Those to
/// HEAD have none, either.
bool has_content(int status) noexcept;

/// A time as Date has it (RFC 9110 5.6.7), "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::chrono::system_clock::time_point time);

/// Everything before the body: adds Date, Connection when the connection ends
/// and, where there may be content, Content-Length. Throws
/// std::invalid_argument for a status that is none of a final answer, and for
/// a field that could end its line: it would be taken for a second answer.
std::string answer_head(const http_response& response, bool keeps_alive,
                        std::chrono::system_clock::time_point now);

} // namespace chancery::apps
