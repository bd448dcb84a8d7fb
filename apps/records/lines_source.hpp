// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lines, or lines of JSON, as records. See import_source.hpp.

#include "apps/records/import_source.hpp"
#include "apps/records/numbered_lines.hpp"

#include <atomic>

namespace chancery::apps {

class lines_source : public import_source {
 public:
  lines_source(const std::filesystem::path& input, const import_form& form,
               const std::atomic<bool>& stop);

  std::optional<import_item> next() override;
  bool skip() override;
  std::string place() const override { return lines_.place(); }
  std::uint64_t blank_lines() const override { return blank_; }

 private:
  std::optional<std::string_view> next_record();

  bool json_;
  std::string name_field_;
  numbered_lines lines_;
  std::uint64_t blank_ = 0;
  std::string name_;
};

} // namespace chancery::apps
