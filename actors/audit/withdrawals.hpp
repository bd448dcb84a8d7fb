// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the journal says about withdrawn signatures: the batches as they were
// before anything of them was withdrawn, and the rows that must be left of them
// now. For the audit; built by lease_index. Memory grows with the number of
// withdrawals. One thread.

#include "storage/record_store.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chancery::actors {

class withdrawals {
 public:
  struct entry {
    std::uint64_t sequence = 0; ///< of the event
    std::uint32_t epoch = 0;    ///< the last that had opened
    storage::signatures_withdrawn event{};
  };

  /// The next event. Returns what is wrong with it: its batch is not what the
  /// events before it left.
  std::optional<std::string> add(entry e);

  bool empty() const noexcept { return entries_.empty(); }

  /// Every batch as it was before its first withdrawal.
  const std::vector<storage::batch_row>& originals() const {
    return originals_;
  }

  /// Whether the batch of this lease was withdrawn from.
  bool concerns(std::uint64_t fence) const { return left_.contains(fence); }

  /// Whether the row is what must be left of a batch.
  bool left(const storage::batch_row& row) const;

  /// All rows that must be left, by lease and record.
  void
  each_left(const std::function<void(const storage::batch_row&)>& see) const;

  /// Whether the record was signed under a lower fence than this one, by a
  /// batch that was withdrawn from only after the epoch of this fence opened.
  bool was_signed_before(std::uint64_t record, std::uint64_t fence) const;

  /// Holds the withdrawn table against the events: calls `fault` with each
  /// entry without an event, and each event without its entries.
  void check_table(const storage::snapshot& view,
                   const std::function<void(const std::string&)>& fault) const;

 private:
  using pieces = std::map<std::uint64_t, storage::batch_row>; // by first id

  std::vector<entry> entries_; // in the order of their sequences
  std::vector<storage::batch_row> originals_;
  std::map<std::uint64_t, pieces> left_; // by fence
};

} // namespace chancery::actors
