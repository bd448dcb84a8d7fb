// SPDX-License-Identifier: Apache-2.0
#include "apps/options/id_ranges.hpp"

#include "apps/terminal/command_context.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace chancery::apps {

namespace {

/// "7" or "100-199".
std::optional<actors::id_range> parse_range(std::string_view text) {
  const auto hyphen = text.find('-');
  const auto first = parse_number(text.substr(0, hyphen));
  const auto last = hyphen == std::string_view::npos
                        ? first
                        : parse_number(text.substr(hyphen + 1));
  if (!first || !last || *last < *first)
    return std::nullopt;
  return actors::id_range{*first, *last};
}

void join(std::vector<actors::id_range>& ranges) {
  std::ranges::sort(ranges, {}, &actors::id_range::first);
  std::vector<actors::id_range> joined;
  for (const auto& range : ranges)
    if (!joined.empty() && (range.first <= joined.back().last ||
                            range.first - joined.back().last == 1))
      joined.back().last = std::max(joined.back().last, range.last);
    else
      joined.push_back(range);
  ranges = std::move(joined);
}

} // namespace

std::vector<actors::id_range> parse_id_ranges(std::string_view option,
                                              std::string_view text) {
  std::vector<actors::id_range> ranges;
  for (auto rest = text;;) {
    const auto comma = rest.find(',');
    const auto range = parse_range(rest.substr(0, comma));
    if (!range)
      throw usage_error(one_line(
          fmt::format("{}: \"{:.300}\" is not a list of record ids and ranges, "
                      "as in 7,9,100-199",
                      option, text)));
    ranges.push_back(*range);
    if (comma == std::string_view::npos)
      break;
    rest.remove_prefix(comma + 1);
  }
  join(ranges);
  return ranges;
}

} // namespace chancery::apps
