// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verifies the signatures of an export, a few thousand at a time, before any of
// them counts as exported. One thread.

#include "actors/audit/signature_checker.hpp"
#include "apps/records/signed_records.hpp"

#include <cstddef>
#include <vector>

namespace chancery::apps {

class export_check {
 public:
  /// The keyring outlives it. With `verify` off, nothing is wrong.
  export_check(const crypto::public_keyring& keys, bool verify);

  /// Whether finish() must be called before the next add().
  bool full() const noexcept {
    return count_ == actors::signature_checker::capacity;
  }

  void add(const signed_record& r);

  /// Ends a run of signatures, and returns their number. Throws
  /// std::runtime_error, which names the record, when one of them is wrong.
  std::size_t finish();

 private:
  bool verify_;
  actors::key_table keys_;
  actors::signature_checker checker_;
  std::size_t count_ = 0;
  std::vector<std::byte> signatures_; // the checker points into it
};

} // namespace chancery::apps
