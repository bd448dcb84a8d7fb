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

std::vector<std::string_view> segments_of(std::string_view pattern) {
  std::vector<std::string_view> segments;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    segments.push_back(pattern.substr(0, pattern.find('/')));
    pattern.remove_prefix(segments.back().size());
  }
  return segments;
}

/// How a route fits a path: its values, and which segments are literal (l) or
/// names with (s) and without (v) a suffix.
struct fit {
  std::vector<std::string> values;
  std::string literal;
};

std::optional<fit> fit_of(const std::vector<std::string_view>& pattern,
                          const std::vector<std::string>& segments) {
  const auto may_fit = [](std::string_view wanted, std::string_view segment) {
    return wanted.starts_with('{') || wanted == segment;
  };
  if (!std::ranges::equal(pattern, segments, may_fit))
    return std::nullopt;
  fit found;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const auto wanted = pattern[i];
    if (!wanted.starts_with('{')) {
      found.literal += 'l';
      continue;
    }
    auto value = value_in(wanted, segments[i]);
    if (!value)
      return std::nullopt;
    found.values.push_back(*std::move(value));
    found.literal += wanted.ends_with('}') ? 'v' : 's';
  }
  return found;
}

bool serves(const route& r, std::string_view method) {
  return r.method == method || (r.method == "GET" && method == "HEAD");
}

} // namespace

void route_table::add(route r) {
  patterns_.push_back(segments_of(r.pattern));
  routes_.push_back(std::move(r));
}

route_table::match
route_table::find(std::string_view method,
                  const std::vector<std::string>& segments) const {
  match best;
  std::string best_literal = "~"; // behind every other
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const auto& r = routes_[i];
    auto fits = fit_of(patterns_[i], segments);
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
