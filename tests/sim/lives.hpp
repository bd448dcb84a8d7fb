// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shared by the simulations: which seeds they run (CHANCERY_SIM_SEED alone when
// it is set, else 1 to CHANCERY_SIM_SEEDS), and what is expected of each life.
// Each simulation has its own `live(options)`.

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <functional>
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

template <class Options, class Result>
void expect_no_violation(const Options& options, const Result& result) {
  BOOST_CHECK_MESSAGE(!result.violation,
                      fmt::format("seed {}, failing commit {}: {}",
                                  options.seed, options.failing_commit,
                                  result.violation.value_or("")));
}

/// The n-th commit fails, for n = 1, 2, 3, ..., or each `step`-th of these.
/// Returns the first n that no life reached.
template <class Options>
std::uint32_t fail_each_commit(Options options, std::uint32_t step = 1) {
  std::uint32_t n = 1;
  for (bool failed = true; failed; n += step) {
    options.failing_commit = n;
    const auto result = live(options);
    expect_no_violation(options, result);
    failed = result.commit_failed;
  }
  n -= step;
  fmt::print("seed {}: one in {} of {} commits failed\n", options.seed, step,
             n - 1);
  return n;
}

/// Some life breaks a rule once a defence is off. `rule` is the beginning of
/// the checker's sentence; the search begins at the seed that last showed it.
template <class Options>
void expect_violation(const std::string& rule, std::uint64_t likely_seed,
                      const std::function<void(Options&)>& switch_off) {
  constexpr std::uint64_t seeds_max = 1'000;
  for (std::uint64_t i = 0; i < seeds_max; ++i) {
    Options options;
    options.seed = likely_seed + i;
    switch_off(options);
    if (const auto result = live(options);
        result.violation && result.violation->starts_with(rule)) {
      fmt::print("seed {}: {}\n", options.seed, *result.violation);
      return;
    }
  }
  BOOST_ERROR("no seed shows what this defence prevents");
}

} // namespace chancery::tests
