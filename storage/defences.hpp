// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks that a test switches off to show what each prevents. All are on; only
// the tests' defence_switch can switch one off.

namespace chancery::tests {
struct defence_switch;
}

namespace chancery::storage {

class defences {
 public:
  /// When off, put_batch stores a batch in part: the signatures of its unsigned
  /// records, as a naive writer would.
  bool whole_batches() const noexcept { return whole_batches_; }

  /// When off, withdraw leaves the batch's row as it is, as a program that only
  /// moves signatures would.
  bool whole_row_splitting() const noexcept { return whole_row_splitting_; }

  /// When off, append_message accepts a used sequence, as a ledger without the
  /// sequences table would, and overwrites its row.
  bool sequences() const noexcept { return sequences_; }

  /// When off, LMDB reads pages that nobody checked, as it does by itself.
  bool page_checks() const noexcept { return page_checks_; }

 private:
  friend struct tests::defence_switch;

  bool whole_batches_ = true;
  bool whole_row_splitting_ = true;
  bool sequences_ = true;
  bool page_checks_ = true;
};

} // namespace chancery::storage
