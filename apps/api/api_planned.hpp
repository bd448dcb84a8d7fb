// SPDX-License-Identifier: Apache-2.0
#pragma once

// Routes that will come: they are answered as not_supported instead of
// not_found, so that a client of a later version can tell.

#include "apps/api/route_table.hpp"

namespace chancery::apps {

inline void add_planned_routes(route_table& table) {
  const auto add = [&table](std::string_view method, std::string_view pattern,
                            std::string_view operation) {
    table.add({method, pattern, operation, std::nullopt, {}, {}, planned{}});
  };
  add("GET", "/v1/messages/{index}/tlog-proof", "getLogProof");
  add("GET", "/log/checkpoint", "getCheckpoint");
}

} // namespace chancery::apps
