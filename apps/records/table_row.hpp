// SPDX-License-Identifier: Apache-2.0
#pragma once

// A row of a table that came as text, taken apart by csv_row or tsv_row. Memory
// is reused from row to row. One thread.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::apps {

struct table_field {
  std::string text{};
  bool null = false; ///< the database's NULL, not an empty text
};

class table_row {
 public:
  virtual ~table_row() = default;

  /// Takes a line without its '\n'. Returns whether the row is complete; if
  /// not, the next line belongs to it, too. Throws std::invalid_argument, with
  /// a text such as "has a quote inside a field", and is empty then.
  virtual bool add_line(std::string_view line) = 0;

  /// Makes it empty, for the next row.
  virtual void clear() {
    bytes_.clear();
    used_ = 0;
  }

  /// The row as it stood, without the end of its last line.
  std::string_view bytes() const noexcept { return bytes_; }
  std::span<const table_field> fields() const noexcept {
    return {fields_.data(), used_};
  }

 protected:
  table_field& new_field() {
    if (used_ == fields_.size())
      fields_.emplace_back();
    auto& field = fields_[used_++];
    field.text.clear();
    field.null = false;
    return field;
  }
  table_field& last_field() { return fields_[used_ - 1]; }

  std::string bytes_{};

 private:
  std::vector<table_field> fields_{};
  std::size_t used_ = 0; ///< of fields_
};

} // namespace chancery::apps
