// SPDX-License-Identifier: Apache-2.0
#include "apps/api/route_table.hpp"

#include <algorithm>

namespace chancery::apps {

namespace {

/// The value of a segment that a pattern's "{name}" or "{name}.suffix" fits.
std::optional<std::string> value_in(std::string_view wanted,
                                    std::string_view segment) {
  const auto suffix = wanted.substr(wanted.find('}') + 1);
  if (segment.size() <= suffix.size() || !segment.ends_with(suffix))
    return std::nullopt;
  return std::string(segment.substr(0, segment.size() - suffix.size()));
}

/// Takes the first segment off a pattern, with its slash.
std::string_view next_segment(std::string_view& pattern) {
  pattern.remove_prefix(1);
  const auto segment = pattern.substr(0, pattern.find('/'));
  pattern.remove_prefix(segment.size());
  return segment;
}

/// How a route fits a path: its values, and which segments are literal (l) or
/// names with (s) and without (v) a suffix.
struct fit {
  std::vector<std::string> values;
  std::string literal;
};

std::optional<fit> fit_of(std::string_view pattern,
                          const std::vector<std::string>& segments) {
  fit found;
  for (const auto& segment : segments) {
    if (pattern.empty())
      return std::nullopt;
    const auto wanted = next_segment(pattern);
    if (!wanted.starts_with('{')) {
      if (wanted != segment)
        return std::nullopt;
      found.literal += 'l';
      continue;
    }
    auto value = value_in(wanted, segment);
    if (!value)
      return std::nullopt;
    found.values.push_back(*std::move(value));
    found.literal += wanted.ends_with('}') ? 'v' : 's';
  }
  if (!pattern.empty())
    return std::nullopt;
  return found;
}

bool serves(const route& r, std::string_view method) {
  return r.method == method || (r.method == "GET" && method == "HEAD");
}

} // namespace

route_table::match
route_table::find(std::string_view method,
                  const std::vector<std::string>& segments) const {
  match best;
  std::string best_literal = "~"; // behind every other
  for (const auto& r : routes_) {
    auto fits = fit_of(r.pattern, segments);
    if (!fits || fits->literal > best_literal)
      continue;
    if (fits->literal < best_literal)
      best.allow.clear();
    if (!serves(r, method)) {
      if (fits->literal < best_literal)
        best.found = nullptr;
      best.allow += best.allow.empty() ? "" : ", ";
      best.allow += r.method == "GET" ? "GET, HEAD" : r.method;
    } else {
      best.found = &r;
      best.values = std::move(fits->values);
    }
    best_literal = fits->literal;
  }
  return best;
}

} // namespace chancery::apps
