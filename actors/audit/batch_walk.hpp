// SPDX-License-Identifier: Apache-2.0
#pragma once

// Walks the batches and the signatures of a store side by side and checks each
// batch: that its range has exactly its signatures, that the journal has its
// lease, for its key and for no other batch, that its size is its epoch's or is
// short for a reason that holds, that its key is trusted, and that its format
// is the one that its epoch announced and its key is for. Of a batch from which
// signatures were withdrawn it checks the same, as it was before, and that
// exactly the rows are there that the journal says are left. It verifies no
// signature. One pass, in the order of the records; one thread.

#include "actors/audit/lease_index.hpp"
#include "crypto/keyring/keyring_purpose.hpp"
#include "crypto/keys/key.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace chancery::actors {

enum class batch_rule {
  one_signature,
  one_key_per_batch,
  batch_size,
  trusted_keys,
  announced_format,
  kept_purpose,
};

class batch_walk {
 public:
  struct events {
    /// A rule is broken; the sentence says where and how.
    std::function<void(batch_rule, const std::string&)> broken;
    /// Each batch once, behind its checks, with the name of the worker that
    /// signed it: empty for the host of the store.
    std::function<void(const storage::batch_row&, const std::string&)> batch;
  };

  /// Without `trust` every key is trusted. The snapshot and the leases outlive
  /// this object.
  batch_walk(const storage::snapshot& view, lease_index& leases,
             crypto::keyring_purpose purpose,
             const std::optional<std::vector<crypto::key_id>>& trust,
             events on);

  void run();

 private:
  std::uint64_t end() const { return row_.first + row_.count; }
  /// As broken, with the batch and its first record in front.
  void broken_at_start(batch_rule rule, const std::string& what);
  void stray_signature();
  void check_signatures();
  void check_originals();
  void check_missing();
  void check_left();
  void check_lease();
  void check_size();
  std::string size_fault() const;
  bool gap_was_there() const;
  std::string wait_fault(const lease_index::epoch_terms& terms) const;
  void check_trust();
  void check_format();

  const storage::snapshot& view_;
  lease_index& leases_;
  crypto::keyring_purpose purpose_;
  events on_;
  storage::cursor signatures_;
  std::uint64_t records_;
  bool more_signatures_ = false;
  storage::batch_row row_;
  std::optional<std::uint64_t> next_; ///< where the next batch begins
  std::optional<std::set<crypto::key_id>> trusted_;
};

} // namespace chancery::actors
