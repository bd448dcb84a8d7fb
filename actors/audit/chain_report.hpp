// SPDX-License-Identifier: Apache-2.0
#pragma once

// The result of a chain's verification. Plain values; chain_verify.hpp defines
// the rules.

#include "actors/base/rule_report.hpp"

#include <cstdint>
#include <vector>

namespace chancery::actors {

struct chain_report {
  std::uint64_t blocks = 0;
  std::uint64_t messages = 0;
  std::uint64_t pending = 0; ///< messages in no block yet
  std::uint64_t clients = 0;
  std::vector<rule_report> rules;
  bool passed = false; ///< no violations, and not stopped
  double seconds = 0;
};

} // namespace chancery::actors
