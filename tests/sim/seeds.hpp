// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which seeds a simulation lives through: CHANCERY_SIM_SEED alone when it is
// set, else 1 to CHANCERY_SIM_SEEDS.

#include <cstdint>
#include <cstdlib>
#include <string>

namespace chancery::tests {

struct seed_range {
  std::uint64_t first = 1;
  std::uint64_t last = 1;
};

inline seed_range seeds_wanted(std::uint64_t otherwise) {
  if (const char* one = std::getenv("CHANCERY_SIM_SEED"))
    return {std::stoull(one), std::stoull(one)};
  const char* many = std::getenv("CHANCERY_SIM_SEEDS");
  return {1, many == nullptr ? otherwise : std::stoull(many)};
}

} // namespace chancery::tests
