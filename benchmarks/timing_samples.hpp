// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tests whether two classes of measured times differ: Welch's t, over all
// values and over those below some percentiles, as the longest times are
// interrupts and other noise (O. Reparaz, J. Balasch, I. Verbauwhede, "Dude, is
// my code constant time?", 2016). Nothing here reads a clock.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace chancery::benchmarks {

/// Running means and variances of two classes (B. Welford, 1962).
class welch_test {
 public:
  void add(bool second, double value);

  /// How many standard errors the second class's mean is above the first's; 0
  /// with fewer than 500 values in a class.
  double t() const;

 private:
  struct one_class {
    std::size_t count = 0;
    double mean = 0;
    double squares = 0; ///< sum of the squared distances from the mean

    double variance_of_mean() const;
  };

  std::array<one_class, 2> classes_;
};

struct timing_sample {
  bool second;
  std::uint64_t ticks;
};

struct timing_verdict {
  double t = 0;          ///< the largest |t| of all tests
  double all_t = 0;      ///< |t| over all values
  double difference = 0; ///< ticks, between the classes' first deciles
  double typical = 0;    ///< ticks, the median of the first class
};

/// Tests all values, and those below each of 20 percentiles.
timing_verdict judge(const std::vector<timing_sample>& samples);

} // namespace chancery::benchmarks
