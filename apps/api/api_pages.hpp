// SPDX-License-Identifier: Apache-2.0
#pragma once

// Routes for people and their tools: the page of this server and its files, the
// pages that explain problems, the description of all routes (openapi.json),
// and the pages that show it and send requests: /docs by Swagger UI where that
// is built in, /docs/plain always.

#include "apps/api/route_table.hpp"

namespace chancery::apps {

void add_page_routes(route_table& table);

} // namespace chancery::apps
