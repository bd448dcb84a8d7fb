// SPDX-License-Identifier: Apache-2.0
#pragma once

// The result of checking one rule, of the audit or of the chain. A plain value.

#include <cstdint>
#include <string>

namespace chancery::actors {

struct rule_report {
  std::string name;     ///< for machines: "one_signature_per_record", ...
  std::string sentence; ///< for people: what holds
  std::uint64_t checked = 0;
  std::string unit{}; ///< what `checked` counts: "signatures"; or empty
  std::uint64_t violations = 0;
  std::string first_violation{}; ///< says where; empty when there is none

  bool kept() const noexcept { return violations == 0; }

  void break_by(const std::string& what, std::uint64_t times = 1) {
    if (violations == 0)
      first_violation = what;
    violations += times;
  }
};

} // namespace chancery::actors
