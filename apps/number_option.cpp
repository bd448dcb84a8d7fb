// SPDX-License-Identifier: Apache-2.0
#include "apps/number_option.hpp"

#include "apps/figures.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace chancery::apps {

namespace {

std::uint64_t read_number(const std::string& name, const std::string& text,
                          number_range range) {
  const auto n = parse_number(text);
  if (n && *n >= range.min && *n <= range.max)
    return *n;
  const std::string limits =
      range.max == UINT64_MAX ? fmt::format("of {} and up", grouped(range.min))
                              : fmt::format("from {} to {}", grouped(range.min),
                                            grouped(range.max));
  throw CLI::ValidationError(
      name, fmt::format("\"{}\" is not a whole number {}", text, limits));
}

// `value` is a number or an optional one.
template <class Value>
CLI::Option* add(CLI::App& app, const std::string& name, Value& value,
                 number_range range, const std::string& help) {
  return app
      .add_option_function<std::string>(
          name,
          [&value, name, range](const std::string& text) {
            value = read_number(name, text, range);
          },
          help)
      ->type_name("N");
}

double read_decimal(const std::string& name, const std::string& text,
                    decimal_range range) {
  const auto n = parse_decimal(text);
  if (n && *n >= range.min && *n <= range.max)
    return *n;
  throw CLI::ValidationError(name,
                             fmt::format("\"{}\" is not a number from {} to {}",
                                         text, range.min, range.max));
}

} // namespace

CLI::Option* add_number(CLI::App& app, const std::string& name,
                        std::uint64_t& value, number_range range,
                        const std::string& help) {
  return add(app, name, value, range, help);
}

CLI::Option* add_number(CLI::App& app, const std::string& name,
                        std::optional<std::uint64_t>& value, number_range range,
                        const std::string& help) {
  return add(app, name, value, range, help);
}

CLI::Option* add_decimal(CLI::App& app, const std::string& name, double& value,
                         decimal_range range, const std::string& help) {
  return app
      .add_option_function<std::string>(
          name,
          [&value, name, range](const std::string& text) {
            value = read_decimal(name, text, range);
          },
          help)
      ->type_name("N");
}

} // namespace chancery::apps
