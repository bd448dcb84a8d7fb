// SPDX-License-Identifier: Apache-2.0
#include "apps/api/message_lines.hpp"

#include "apps/api/problem.hpp"
#include "crypto/jose/strict_json.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace chancery::apps {

namespace {

constexpr std::size_t lines_max = 1'000;

/// A line is the text itself, or a JSON string with it.
std::string text_of_line(std::string_view line, std::size_t number) {
  if (!line.starts_with('"'))
    return std::string(line);
  try {
    const auto value = crypto::parse_strict_json(line);
    if (value.is_string())
      return value.get<std::string>();
  } catch (const std::exception&) {
  }
  throw problem("bad_parameter",
                fmt::format("line {} is no JSON string", number));
}

} // namespace

std::vector<std::string> message_lines(std::string_view body) {
  std::vector<std::string> texts;
  while (!body.empty()) {
    const auto end = std::min(body.find('\n'), body.size());
    auto line = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (texts.size() == lines_max)
      throw problem("too_large", "a request has 1,000 lines at most");
    texts.push_back(text_of_line(line, texts.size() + 1));
  }
  if (texts.empty())
    throw problem("bad_parameter", "the body has no line");
  return texts;
}

} // namespace chancery::apps
