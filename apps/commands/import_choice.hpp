// SPDX-License-Identifier: Apache-2.0
#pragma once

// The options of `records import`, and what becomes of records that they leave
// out. Main thread only.

#include "apps/options/command_spec.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/records/record_importer.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace chancery::apps {

struct import_choice {
  std::filesystem::path input{};
  std::optional<std::string> format{};
  std::string name_field{};
  std::string name_column{};
  std::string record_column{};
  std::optional<std::string> encoding{};
  bool no_header = false;
  std::string on_conflict = "fail";
  std::filesystem::path report{};
  std::string on_error = "fail";
  std::uint64_t skip = 0;

  void add_to(const command_spec& command);

  /// Throws usage_error for options that do not fit each other.
  void check() const;

  import_form form() const;

  /// What somebody may have meant otherwise; empty when nothing is odd.
  std::string doubt() const;
};

/// Tells of the first few errors, and writes each conflict to the report.
class left_out_records {
 public:
  /// The choice outlives it. Throws when the report cannot be made.
  explicit left_out_records(const import_choice& choice);

  /// Valid as long as this object.
  import_policy policy();

  /// Makes the report whole.
  void finish();

 private:
  void tell(const std::string& what);
  void report(const name_conflict& conflict);

  const import_choice& choice_;
  std::optional<new_file> report_;
  std::uint64_t told_ = 0;
};

} // namespace chancery::apps
