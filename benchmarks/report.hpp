// SPDX-License-Identifier: Apache-2.0
#pragma once

// The results of a benchmark run, and their three forms: a table for people,
// CSV for the plot, JSON for machines. Rates are medians over the repetitions;
// ratios are medians of the ratios within one repetition, where both sides were
// measured next to each other, because a shared machine changes its speed.

#include "benchmarks/workload.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace chancery::benchmarks {

/// One repetition at one batch size. Raw signing is measured first and last;
/// the two jobs between them change places with every repetition.
struct repetition {
  measure raw_before;
  measure plain;
  measure actors;
  measure raw_after;

  double raw_rate() const;
  double raw_cpu_us() const;
};

/// Medians at one batch size.
struct row {
  std::uint32_t batch_size = 0;
  double actors_rate = 0;
  double raw_rate = 0;
  double share = 0; ///< of the raw rate, in wall-clock time
  double plain_rate = 0;
  double actors_over_plain = 0;
  double cpu_us = 0; ///< of the whole job, per record
  double plain_cpu_us = 0;
  double raw_cpu_us = 0;
  double cpu_share = 0; ///< raw CPU time over the whole job's
  double commits = 0;
};

/// A run with one signer compared with a run with all of them.
struct scaling {
  std::uint32_t batch_size = 0;
  double one_rate = 0;
  double all_over_one = 0;
  double raw_all_over_one = 0; ///< the same ratio of raw signing
};

struct report {
  workload measured;
  std::size_t repetitions = 0;
  std::vector<row> rows;
  std::optional<scaling> scale; ///< unset with one signer
};

double median(std::vector<double> values);

row summarize(std::uint32_t batch_size, const std::vector<repetition>& all);

std::string to_table(const report& r);
std::string to_csv(const report& r);
std::string to_json(const report& r);

} // namespace chancery::benchmarks
