// SPDX-License-Identifier: Apache-2.0
#include "apps/records/csv_row.hpp"

#include <algorithm>
#include <stdexcept>

namespace chancery::apps {

bool csv_row::add_line(std::string_view line) {
  try {
    return parse(line);
  } catch (const std::invalid_argument&) {
    clear();
    throw;
  }
}

void csv_row::clear() {
  table_row::clear();
  in_quotes_ = false;
}

bool csv_row::parse(std::string_view line) {
  std::size_t at = 0;
  if (in_quotes_) {
    bytes_ += '\n';
    last_field().text += '\n';
    at = quoted_text(line, 0);
  } else {
    at = plain_field(line, 0);
  }
  while (!in_quotes_ && at < line.size() && line[at] == ',')
    at = plain_field(line, at + 1);
  // What is left is the CR of the line's end.
  bytes_ += line.substr(0, in_quotes_ ? line.size() : at);
  return !in_quotes_;
}

/// A field from its beginning; returns where it ends.
std::size_t csv_row::plain_field(std::string_view line, std::size_t at) {
  auto& field = new_field();
  if (at < line.size() && line[at] == '"')
    return quoted_text(line, at + 1);
  const auto end = std::min(line.find_first_of(",\"\r", at), line.size());
  field.text = line.substr(at, end - at);
  field.null = end == at;
  if (end < line.size() && line[end] == '"')
    throw std::invalid_argument("has a quote within a field without quotes");
  if (end + 1 < line.size() && line[end] == '\r')
    throw std::invalid_argument(
        "has a carriage return within a field without quotes");
  return end;
}

/// The rest of the last field, behind its first quote; returns where it ends.
std::size_t csv_row::quoted_text(std::string_view line, std::size_t at) {
  auto& text = last_field().text;
  for (;;) {
    const auto end = line.find('"', at);
    text += line.substr(at, end - at);
    in_quotes_ = end == std::string_view::npos;
    if (in_quotes_)
      return line.size();
    at = end + 1;
    if (at == line.size() || line[at] == ',' ||
        (line[at] == '\r' && at + 1 == line.size()))
      return at;
    if (line[at] != '"')
      throw std::invalid_argument("has text behind the quotes of a field");
    text += '"';
    ++at;
  }
}

} // namespace chancery::apps
