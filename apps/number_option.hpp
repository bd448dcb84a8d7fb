// SPDX-License-Identifier: Apache-2.0
#pragma once

// Options that are whole numbers. CLI11's own conversion reads 010 as eight
// and, for some types, -1 as a very large number; this one reads what people
// write.

#include <cstdint>
#include <optional>
#include <string>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace chancery::apps {

struct number_range {
  std::uint64_t min = 0;
  std::uint64_t max = UINT64_MAX;
};

/// `name` without hyphens is positional. `value` keeps what it has when the
/// option is not given, and must outlive the parsing.
CLI::Option* add_number(CLI::App& app, const std::string& name,
                        std::uint64_t& value, number_range range,
                        const std::string& help);
CLI::Option* add_number(CLI::App& app, const std::string& name,
                        std::optional<std::uint64_t>& value, number_range range,
                        const std::string& help);

struct decimal_range {
  double min = 0;
  double max = 0;
};

/// For what has fractions: "0.5", "60". No exponents, no signs.
CLI::Option* add_decimal(CLI::App& app, const std::string& name, double& value,
                         decimal_range range, const std::string& help);

} // namespace chancery::apps
