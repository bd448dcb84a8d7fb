// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the sender of a request may do, so that a page can ask for a token
// before it needs one, and check one that was typed.

#include "apps/api/route_table.hpp"

#include <optional>

namespace chancery::apps {

/// `private_ledger`: whether the ledger's routes need a token; nothing where
/// none is served.
void add_access_route(route_table& table, std::optional<bool> private_ledger);

} // namespace chancery::apps
