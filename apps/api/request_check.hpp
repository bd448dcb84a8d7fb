// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is common to all routes, looked at in this order: the host, the origin,
// the route, the method, the token and its scope, the parameters, the body's
// type. Pure function; any thread.

#include "apps/api/caller_check.hpp"
#include "apps/api/problem.hpp"
#include "apps/api/route_table.hpp"
#include "apps/http/http_message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chancery::apps {

/// What the header of a request already says.
struct checked_request {
  const route* wanted = nullptr;   ///< of the table; never null
  std::vector<std::string> values; ///< as api_request::values
  std::optional<token_entry> caller;
  bool open = false;                 ///< nobody needs a token
  std::string type;                  ///< of the body; of POST alone
  std::uint64_t body_max = 64 << 10; ///< of a body that has no use
};

/// Throws `problem` for a request that no handler gets to see. `stopping`: all
/// are refused as such.
checked_request check_request(const http_request& head,
                              const route_table& routes,
                              const caller_rules& callers, bool stopping);

/// What every request gets once the server is stopping.
problem stopping_problem();

} // namespace chancery::apps
