// SPDX-License-Identifier: Apache-2.0
#pragma once

// Routes for probes: whether the process works, and whether it should get
// requests.

#include "apps/api/route_table.hpp"

#include <functional>
#include <string>
#include <vector>

namespace chancery::apps {

struct health_check {
  std::string name; ///< "node"
  /// Why it is not well, one sentence; empty when it is. Any thread; must not
  /// wait.
  std::function<std::string()> fault;
};

struct served_health {
  /// 503 at /livez: the process should be started again.
  std::vector<health_check> alive;
  /// 503 at /readyz: it should get no requests now.
  std::vector<health_check> ready;
};

void add_health_routes(route_table& table, const served_health& health);

/// `text`: in the format of Prometheus. Runs in the pool.
void add_metrics_route(route_table& table, std::function<std::string()> text);

} // namespace chancery::apps
