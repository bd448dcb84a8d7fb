// SPDX-License-Identifier: Apache-2.0
#pragma once

// The findings of a chain's verification: for each rule, how much was checked,
// how often it is broken, and where first. Each thread has its own; add() sums
// them up. A plain value.

#include "actors/audit/chain_report.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace chancery::actors {

/// The rules in the order of the report; chain_verify.hpp defines them.
enum class chain_promise : std::size_t {
  blocks_linked,
  blocks_signed,
  roots_match,
  messages_signed,
  sequences_grow,
  receipts_signed,
};

class chain_findings {
 public:
  /// Stands for the whole ledger; sorts after every index.
  static constexpr std::uint64_t whole = UINT64_MAX;

  void checked(chain_promise p, std::uint64_t count = 1) {
    at(p).checked += count;
  }

  /// `index` is the block's or the message's; the lowest one is reported.
  void broken(chain_promise p, std::uint64_t index, std::string what);

  void add(const chain_findings& other);

  std::vector<rule_report> rules() const;

 private:
  struct finding {
    std::uint64_t checked = 0;
    std::uint64_t violations = 0;
    std::uint64_t first = 0;
    std::string what{};
  };

  finding& at(chain_promise p) { return all_[static_cast<std::size_t>(p)]; }

  std::array<finding, 6> all_;
};

} // namespace chancery::actors
