// SPDX-License-Identifier: Apache-2.0
#pragma once

// The field Idempotency-Key: what marks a request that may be sent again. Pure
// functions; any thread.

#include "actors/signing/record_submission.hpp"
#include "apps/api/route_table.hpp"

#include <optional>

namespace chancery::apps {

/// The key is kept under the name of the caller's token, so that nobody replays
/// another's; the fingerprint is of method, target, media type and body.
/// Nothing without the field. Throws `problem` bad_parameter unless the key is
/// 8 to 255 visible characters of ASCII, as they are or as a string in quotes
/// (RFC 8941 3.3.3).
std::optional<actors::request_mark> request_mark_of(const api_request& request);

} // namespace chancery::apps
