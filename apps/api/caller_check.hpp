// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who sends a request and whether they may: the rules on Host and Origin, which
// keep pages of other sites away, and those on tokens and certificates. Pure
// functions of a request and the rules; any thread. They throw `problem`.

#include "apps/api/tokens.hpp"
#include "apps/http/http_message.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::apps {

struct caller_rules {
  /// Names in Host beside those of the loopback, in lower case, without port.
  std::vector<std::string> hosts;
  /// Origins whose pages may send requests: "https://example.org".
  std::vector<std::string> origins;
  /// Null: everybody may do everything.
  std::shared_ptr<const token_book> tokens;
};

/// Throws wrong_host unless the request's Host is ours.
void check_host(const http_request& request, const caller_rules& rules);

/// Throws not_allowed for a POST from the page of an origin that is neither
/// ours nor listed (RFC 6454 7).
void check_origin(const http_request& request, const caller_rules& rules);

/// The origin of a request, if rules list it: what
/// Access-Control-Allow-Origin must say.
std::optional<std::string> listed_origin(const http_request& request,
                                         const caller_rules& rules);

/// The sender's entry. Throws token_unknown or token_expired for a token that
/// is sent but not good, whatever the route needs, and token_missing or
/// scope_missing if `needs` is not met.
std::optional<token_entry> caller_of(const http_request& request,
                                     const caller_rules& rules,
                                     std::optional<scope> needs,
                                     std::uint64_t now_ms);

} // namespace chancery::apps
