// SPDX-License-Identifier: Apache-2.0
#pragma once

// Visits signatures in the order of their records, in bounded memory. Renews
// its snapshot now and then, so that a long walk does not keep the writer from
// reusing pages. One thread.

#include "apps/records/record_selection.hpp"
#include "storage/record_store.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace chancery::apps {

/// Valid until the call returns.
struct signed_record {
  std::uint64_t id;
  const storage::batch_row& batch;
  std::span<const std::byte> signature;
  const storage::snapshot& view; ///< for the record's bytes and its name
  bool replaces = false;         ///< see record_selection
};

/// Returns the id behind the last record that it visited; of an unbroken
/// selection, the first one that is not signed. Ends early, after a batch, when
/// `stop` is set. Throws storage::corrupt when a batch's signature is missing,
/// and std::runtime_error when one of the selection's ids is not signed.
std::uint64_t
for_each_signature(const storage::record_store& store,
                   const record_selection& selection,
                   const std::atomic<bool>& stop,
                   const std::function<void(const signed_record&)>& call);

} // namespace chancery::apps
