// SPDX-License-Identifier: Apache-2.0
#include "apps/records/table_source.hpp"

#include "apps/records/csv_row.hpp"
#include "apps/records/tsv_row.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/encodings.hpp"
#include "storage/record_store.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace chancery::apps {

namespace {

// Hexadecimal digits double a record; other columns come beside it.
constexpr auto record_max = storage::record_store::record_size_max;
constexpr auto row_max = 2 * record_max + (std::size_t{1} << 20);

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::unique_ptr<table_row> new_row(import_format format) {
  if (format == import_format::csv)
    return std::make_unique<csv_row>();
  return std::make_unique<tsv_row>();
}

} // namespace

table_source::table_source(const std::filesystem::path& input,
                           const import_form& form,
                           const std::atomic<bool>& stop)
    : form_(form), stop_(stop), lines_(input, row_max, stop),
      row_(new_row(form.format)) {
  if (form.header)
    read_header();
  if (!form.name_column.empty())
    name_ = column(form.name_column);
  if (!form.record_column.empty())
    record_ = column(form.record_column);
}

void table_source::read_header() {
  try {
    if (!next_row() && !stop_)
      throw std::runtime_error("the input is empty: its first line should have "
                               "the names of the columns");
  } catch (const bad_input& e) {
    throw std::runtime_error(fmt::format("the header: {}", e.what()));
  }
  for (const auto& field : row_->fields())
    columns_.push_back(field.text);
  width_ = columns_.size();
}

std::optional<std::size_t> table_source::column(const std::string& name) const {
  if (!form_.header) {
    std::size_t number = 0;
    const auto* end = name.data() + name.size();
    const auto [at, error] = std::from_chars(name.data(), end, number);
    if (error != std::errc() || at != end || number == 0)
      throw std::runtime_error(fmt::format(
          "\"{}\" is not a column's number: without a header they count from 1",
          name));
    return number - 1;
  }
  const auto found = std::ranges::find(columns_, name);
  if (found == columns_.end()) {
    if (stop_)
      return std::nullopt;
    throw std::runtime_error(fmt::format("there is no column \"{}\": there {} "
                                         "{}",
                                         name, width_ == 1 ? "is" : "are",
                                         fmt::join(columns_, ", ")));
  }
  if (std::ranges::count(columns_, name) > 1)
    throw std::runtime_error(fmt::format("there are two columns \"{}\"", name));
  return found - columns_.begin();
}

bool table_source::is_blank(std::string_view line) const {
  return width_ != 1 && (line.empty() || line == "\r");
}

// False at the end or when stopped.
bool table_source::next_row() {
  row_->clear();
  bool begun = false;
  for (;;) {
    auto line = lines_.next();
    if (!begun)
      place_ = lines_.place();
    if (!line || (form_.format == import_format::tsv && ends_tsv(*line))) {
      if (begun && !stop_)
        throw bad_input(fmt::format("{} ends within quotes", place_));
      return false;
    }
    if (lines_.number() == 1 && line->starts_with(byte_order_mark))
      line->remove_prefix(byte_order_mark.size());
    if (!begun && is_blank(*line)) {
      ++blank_;
      continue;
    }
    begun = true;
    const bool whole = add_line(*line);
    if (row_->bytes().size() > row_max)
      throw bad_input(
          fmt::format("{} begins a row of over {} bytes", place_, row_max));
    if (whole)
      return true;
  }
}

bool table_source::add_line(std::string_view line) {
  try {
    return row_->add_line(line);
  } catch (const std::invalid_argument& e) {
    throw bad_input(fmt::format("{} {}", lines_.place(), e.what()));
  }
}

std::optional<import_item> table_source::next() {
  if (!next_row())
    return std::nullopt;
  if (width_ == 0)
    width_ = row_->fields().size();
  if (row_->fields().size() != width_)
    throw bad_input(fmt::format("{} has {} fields instead of {}", place_,
                                row_->fields().size(), width_));
  import_item item;
  item.record = record_ ? decoded(field(*record_)) : row_->bytes();
  if (item.record.size() > record_max)
    throw bad_input(fmt::format("{} is longer than {} bytes, the limit of a "
                                "record",
                                place_, record_max));
  if (name_) {
    item.name = field(*name_);
    require_name(*item.name, place_);
  }
  return item;
}

std::string_view table_source::field(std::size_t column) const {
  const auto fields = row_->fields();
  if (column >= fields.size())
    throw bad_input(fmt::format("{} has no column {}", place_, column + 1));
  if (fields[column].null)
    throw bad_input(fmt::format("{} has no value in column {}{}", place_,
                                form_.header ? columns_[column]
                                             : std::to_string(column + 1),
                                form_.format == import_format::csv
                                    ? " (an empty text is written as \"\")"
                                    : ""));
  return fields[column].text;
}

std::string_view table_source::decoded(std::string_view text) {
  try {
    switch (form_.encoding) {
    case record_encoding::text:
      return text;
    case record_encoding::hex:
      if (text.starts_with("\\x"))
        text.remove_prefix(2);
      bytes_ = crypto::from_hex(text);
      break;
    case record_encoding::base64:
      bytes_ = crypto::from_base64(text);
      break;
    }
  } catch (const std::invalid_argument& e) {
    throw bad_input(
        fmt::format("{} column {} {}", place_, form_.record_column, e.what()));
  }
  return crypto::text_of(std::as_bytes(std::span(bytes_)));
}

bool table_source::skip() {
  try {
    return next_row();
  } catch (const bad_input&) {
    return true;
  }
}

} // namespace chancery::apps
