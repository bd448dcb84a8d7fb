// SPDX-License-Identifier: Apache-2.0
#include "apps/records/lines_source.hpp"

#include "crypto/jose/json_text.hpp"
#include "storage/record_store.hpp"

#include <fmt/format.h>

namespace chancery::apps {

lines_source::lines_source(const std::filesystem::path& input,
                           const import_form& form,
                           const std::atomic<bool>& stop)
    : json_(form.format == import_format::jsonl), name_field_(form.name_field),
      lines_(input, storage::record_store::record_size_max, stop) {}

std::optional<import_item> lines_source::next() {
  const auto line = next_record();
  if (!line)
    return std::nullopt;
  if (!json_)
    return import_item{*line, std::nullopt};
  try {
    if (name_field_.empty()) {
      crypto::check_json_text(*line);
      return import_item{*line, std::nullopt};
    }
    name_ = crypto::member_text(*line, name_field_);
  } catch (const std::invalid_argument& e) {
    throw bad_input(fmt::format("{} {}", place(), e.what()));
  }
  require_name(name_, place());
  return import_item{*line, name_};
}

bool lines_source::skip() {
  if (!json_)
    return lines_.skip();
  try {
    return next_record().has_value();
  } catch (const bad_input&) { // too long: it is left out
    return true;
  }
}

// In JSON lines a blank line is no record.
std::optional<std::string_view> lines_source::next_record() {
  for (;;) {
    const auto line = lines_.next();
    if (!line || !json_ || !crypto::is_blank_json(*line))
      return line;
    ++blank_;
  }
}

} // namespace chancery::apps
