// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a verification of the chain says. Plain values; chain_verify.hpp says
// what the rules are.

#include <cstdint>
#include <string>
#include <vector>

namespace chancery::actors {

struct chain_rule {
  std::string name;     ///< as above
  std::string sentence; ///< what holds
  std::uint64_t checked = 0;
  std::uint64_t violations = 0;
  std::string first_violation; ///< by index; empty when there is none
};

struct chain_report {
  std::uint64_t blocks = 0;
  std::uint64_t messages = 0;
  std::uint64_t pending = 0; ///< messages short of a block
  std::uint64_t clients = 0;
  std::vector<chain_rule> rules;
  bool passed = false; ///< no violations, and not stopped
  double seconds = 0;
};

} // namespace chancery::actors
