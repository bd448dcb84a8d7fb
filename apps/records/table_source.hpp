// SPDX-License-Identifier: Apache-2.0
#pragma once

// Rows of a table as records. The first row has the columns' names. A byte
// order mark before it is left out; so are blank lines where a row has more
// than one field. See import_source.hpp.

#include "apps/records/import_source.hpp"
#include "apps/records/numbered_lines.hpp"
#include "apps/records/table_row.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace chancery::apps {

class table_source : public import_source {
 public:
  /// Reads the header. Throws std::runtime_error when there is none or when it
  /// lacks one of the form's columns.
  table_source(const std::filesystem::path& input, const import_form& form,
               const std::atomic<bool>& stop);

  std::optional<import_item> next() override;
  bool skip() override;
  std::string place() const override { return place_; }
  std::uint64_t blank_lines() const override { return blank_; }

 private:
  bool next_row();
  bool add_line(std::string_view line);
  bool is_blank(std::string_view line) const;
  void read_header();
  std::optional<std::size_t> column(const std::string& name) const;
  std::string_view field(std::size_t column) const;
  std::string_view decoded(std::string_view text);

  import_form form_;
  const std::atomic<bool>& stop_;
  numbered_lines lines_;
  std::unique_ptr<table_row> row_;
  std::vector<std::string> columns_{}; ///< of the header
  std::size_t width_ = 0;              ///< fields of a row; 0: not known yet
  std::optional<std::size_t> name_{};
  std::optional<std::size_t> record_{};
  std::vector<std::uint8_t> bytes_{};
  std::string place_{};
  std::uint64_t blank_ = 0;
};

} // namespace chancery::apps
