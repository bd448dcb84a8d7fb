// SPDX-License-Identifier: Apache-2.0
#pragma once

// The results of `simulate cluster` as JSON and as lines for people. Pure
// functions.

#include "actors/audit/audit.hpp"
#include "actors/audit/verify.hpp"
#include "apps/simulation/cluster_ledger.hpp"
#include "apps/simulation/cluster_signing.hpp"
#include "apps/simulation/signature_check.hpp"
#include "apps/simulation/simulated_cluster.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace chancery::apps {

struct cluster_report {
  simulated_cluster_options options;
  cluster_signing_result signing;
  checked_signatures checked;
  std::uint64_t leases_lost = 0;
  std::optional<cluster_ledger_result> ledger;
  double seconds = 0;

  /// All records are signed and verify, no rule is broken, the chain is whole.
  bool good() const;
};

nlohmann::ordered_json cluster_report_json(const cluster_report& report);

/// Several lines, without a newline at the end.
std::string cluster_report_text(const cluster_report& report);

} // namespace chancery::apps
