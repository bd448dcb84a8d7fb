// SPDX-License-Identifier: Apache-2.0
#include "apps/api/parameters.hpp"

#include "apps/answers/chain_answers.hpp"
#include "apps/api/problem.hpp"
#include "apps/terminal/figures.hpp"

#include <fmt/format.h>

namespace chancery::apps {

namespace {

constexpr std::uint64_t number_max = (std::uint64_t{1} << 53) - 1;
constexpr std::uint64_t limit_default = 100;
constexpr std::uint64_t limit_max = 1'000;
constexpr std::uint64_t wait_max = 30; // seconds

} // namespace

std::uint64_t number_value(std::string_view name, std::string_view text) {
  const auto number = parse_number(text);
  if (!number || *number > number_max)
    throw problem("bad_parameter",
                  fmt::format("{} is not a whole number up to 2^53 - 1", name));
  return *number;
}

std::optional<std::uint64_t> number_parameter(const api_request& request,
                                              std::string_view name) {
  const auto text = request.parameter(name);
  if (!text)
    return std::nullopt;
  return number_value(name, *text);
}

crypto::key_id id_value(std::string_view name, std::string_view text) {
  const auto hash = parse_hash(text);
  if (!hash)
    throw problem("bad_parameter",
                  fmt::format("{} is neither 43 characters of base64url nor 64 "
                              "hexadecimal digits",
                              name));
  return *hash;
}

std::chrono::seconds wait_parameter(const api_request& request) {
  const auto seconds = number_parameter(request, "wait").value_or(0);
  if (seconds > wait_max)
    throw problem("bad_parameter", "wait is not a number from 0 to 30");
  return std::chrono::seconds(seconds);
}

std::uint64_t limit_parameter(const api_request& request) {
  const auto limit = number_parameter(request, "limit").value_or(limit_default);
  if (limit < 1 || limit > limit_max)
    throw problem("bad_parameter", "limit is not a number from 1 to 1,000");
  return limit;
}

} // namespace chancery::apps
