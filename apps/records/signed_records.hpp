// SPDX-License-Identifier: Apache-2.0
#pragma once

// Visits all signatures in the order of their records, batch by batch, in
// bounded memory. Renews its snapshot between batches, so that a long walk does
// not keep the writer from reusing pages. One thread.

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
  const storage::snapshot& view; ///< for the record's bytes
};

/// Ends after the current batch when `stop` is set. Throws storage::corrupt
/// when a batch's signature is missing.
void for_each_signature(const storage::record_store& store,
                        const std::atomic<bool>& stop,
                        const std::function<void(const signed_record&)>& call);

} // namespace chancery::apps
