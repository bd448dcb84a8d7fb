// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part of http_benchmark about records: what is measured, and its table.

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace chancery::benchmarks {

struct record_settings {
  std::uint64_t records = 400'000; ///< by NDJSON, of each kind
  std::uint64_t singles = 20'000;  ///< one a request
  std::size_t lines = 10'000;      ///< of a request
  std::size_t connections = 4;     ///< that post lines
  std::size_t crowd = 400;         ///< that post one record each
  std::size_t repetitions = 5;
  std::uint64_t max_wait_ms = 250;
  std::uint64_t long_records = 1'000'000;
  unsigned idle_seconds = 10;
  std::filesystem::path program;
};

using samples = std::map<std::string, std::vector<double>>;

/// Adds figures of all repetitions. Everything is made in `folder`.
void measure_records(const record_settings& s,
                     const std::filesystem::path& folder, samples& figures);

void print_records(const record_settings& s, const nlohmann::json& medians);

} // namespace chancery::benchmarks
