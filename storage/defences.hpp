// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks that a test takes away to show what each prevents. All are on, and
// nobody but the tests' defence_switch can turn one off.

namespace chancery::tests {
struct defence_switch;
}

namespace chancery::storage {

class defences {
 public:
  /// Without it put_batch stores those records of a batch that are not signed
  /// yet, as a naive writer would.
  bool whole_batches() const noexcept { return whole_batches_; }

  /// Without it a client's sequence is stored a second time, over the first
  /// one, as a ledger without this table would.
  bool sequences() const noexcept { return sequences_; }

 private:
  friend struct tests::defence_switch;

  bool whole_batches_ = true;
  bool sequences_ = true;
};

} // namespace chancery::storage
