// SPDX-License-Identifier: Apache-2.0
#pragma once

// The id that an answer and the log give a request. Pure functions, except for
// the counter of make(); any thread.

#include "apps/http/http_message.hpp"

#include <string>

namespace chancery::apps {

/// The one that was sent in Request-Id, if it has 1 to 64 letters, digits,
/// dots, hyphens and underscores; else one that no other request of this
/// process has.
std::string request_id_of(const http_request& request);

/// One that no other request of this process has.
std::string new_request_id();

} // namespace chancery::apps
