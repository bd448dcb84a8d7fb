// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which signed records an export takes. Reads one snapshot; one thread.

#include "storage/record_store.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace chancery::apps {

struct record_selection {
  std::vector<std::uint64_t> ids{}; ///< ascending, each once
  /// They were exported before, with a signature that was withdrawn since.
  bool ids_replace = false;
  /// Then all that are signed from here on; nullopt for none. Above `ids`.
  std::optional<std::uint64_t> from = 0;
  /// The latter only up to the first record that is not signed.
  bool unbroken = false;

  /// How many signatures they are at most.
  std::uint64_t size_max(const storage::snapshot& view) const;
};

/// Only this record. Throws std::runtime_error, with the name, when there is
/// none or it is not signed.
record_selection named_record_of(const storage::snapshot& view,
                                 std::string_view name);

/// The records that the lines of a file name, in any order; blank lines are
/// skipped. "-" is standard input. Throws as above, for the first such line,
/// and when the file cannot be read.
record_selection named_records_of(const storage::snapshot& view,
                                  const std::filesystem::path& file,
                                  const std::atomic<bool>& stop);

/// Up to where exports have come.
struct export_position {
  std::uint64_t next = 0;   ///< id: all records below it were exported
  std::uint64_t events = 0; ///< of the journal: withdrawals below are known

  friend bool operator==(const export_position&,
                         const export_position&) = default;
};

struct new_records {
  record_selection selection;
  std::uint64_t events = 0; ///< for the position behind them
};

/// What is new since then, unbroken: records from `next` on, and before them
/// those below it whose signatures were withdrawn since and made again.
/// Withdrawals count in the order of the journal, up to the first one with a
/// record that has not been signed again.
new_records new_records_since(const storage::snapshot& view,
                              const export_position& since);

} // namespace chancery::apps
