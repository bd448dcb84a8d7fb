// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/timing_samples.hpp"

#include <algorithm>
#include <cmath>

namespace chancery::benchmarks {

namespace {

/// With fewer values in a class no test is made.
constexpr std::size_t class_min = 500;

constexpr int crops = 20;

/// 0.29 to 0.999: every two steps halve the part above the percentile.
double percentile(int crop) { return 1 - std::pow(2.0, -0.5 * (crop + 1)); }

std::uint64_t at_percentile(const std::vector<std::uint64_t>& sorted,
                            double part) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(part * last)];
}

} // namespace

double welch_test::one_class::variance_of_mean() const {
  const auto n = static_cast<double>(count);
  return squares / (n - 1) / n;
}

void welch_test::add(bool second, double value) {
  auto& c = classes_[second ? 1 : 0];
  ++c.count;
  const double distance = value - c.mean;
  c.mean += distance / static_cast<double>(c.count);
  c.squares += distance * (value - c.mean);
}

double welch_test::t() const {
  const auto& [first, second] = classes_;
  if (std::min(first.count, second.count) < class_min)
    return 0;
  const double error =
      std::sqrt(first.variance_of_mean() + second.variance_of_mean());
  return error > 0 ? (second.mean - first.mean) / error : 0;
}

timing_verdict judge(const std::vector<timing_sample>& samples) {
  std::vector<std::uint64_t> sorted, first, second;
  for (const auto& s : samples) {
    sorted.push_back(s.ticks);
    (s.second ? second : first).push_back(s.ticks);
  }
  if (first.empty() || second.empty())
    return {};
  for (auto* each : {&sorted, &first, &second})
    std::ranges::sort(*each);
  const auto t_below = [&](std::uint64_t limit) {
    welch_test test;
    for (const auto& s : samples)
      if (s.ticks <= limit)
        test.add(s.second, static_cast<double>(s.ticks));
    return std::abs(test.t());
  };
  const auto place = [](const auto& values, double part) {
    return static_cast<double>(at_percentile(values, part));
  };
  timing_verdict verdict;
  verdict.all_t = verdict.t = t_below(sorted.back());
  verdict.difference = place(second, 0.1) - place(first, 0.1);
  verdict.typical = place(first, 0.5);
  for (int crop = 0; crop < crops; ++crop)
    verdict.t =
        std::max(verdict.t, t_below(at_percentile(sorted, percentile(crop))));
  return verdict;
}

} // namespace chancery::benchmarks
