// SPDX-License-Identifier: Apache-2.0
#pragma once

// Stores the records of a source in their order, and knows at each moment how
// many of the input are done with, so that an import that ends early can be
// continued behind them. One thread.

#include "apps/records/import_source.hpp"
#include "apps/records/record_appender.hpp"

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

namespace chancery::apps {

/// What became of the records of the input.
struct import_counts {
  std::uint64_t added = 0;
  std::uint64_t existing = 0;  ///< were there, under the same name
  std::uint64_t conflicts = 0; ///< whose name another record has
  std::uint64_t errors = 0;    ///< which are no records, or whose name is none

  std::uint64_t all() const { return added + existing + conflicts + errors; }
  bool complete() const { return conflicts == 0 && errors == 0; }
};

/// A record whose name another one has.
struct name_conflict {
  std::string place{}; ///< in the input
  std::string name{};
  std::uint64_t record = 0; ///< that has the name

  std::string text() const;
};

/// The import may not leave out a conflict.
class name_taken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What is left out instead of ending the import; nothing by default. The
/// functions are told of each.
struct import_policy {
  /// A record without bytes is an error: it is to be sealed, and a seal cannot
  /// be over nothing.
  bool refuses_empty = false;
  std::function<void(const name_conflict&)> leave_out_conflict{};
  std::function<void(const std::string& what)> leave_out_error{};
};

class record_importer {
 public:
  /// `added` counts the records on disk. All outlive the importer.
  record_importer(import_source& source, storage::record_store& store,
                  const import_policy& policy,
                  std::atomic<std::uint64_t>& added);

  /// Takes one record of the input; false at its end or when stopped. Throws
  /// bad_input or name_taken for one that may not be left out, and what the
  /// store throws.
  bool take();

  void flush();

  /// What is on disk, or left out for good.
  const import_counts& done() const noexcept { return done_; }

 private:
  void store(const import_item& item);
  void note_commit();

  import_source& source_;
  const import_policy& policy_;
  record_appender appender_;
  import_counts taken_;
  import_counts done_;
};

} // namespace chancery::apps
