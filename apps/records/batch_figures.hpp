// SPDX-License-Identifier: Apache-2.0
#pragma once

// Figures from one pass over the batches table: how often and when each key
// signed, and what one epoch did. Takes about a second per million batches.

#include "crypto/keys/key_id_hash.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <unordered_map>

namespace chancery::apps {

struct key_use_figures {
  std::uint64_t batches = 0;
  std::uint64_t signatures = 0;
  std::uint64_t last_used_ms = 0; ///< since 1970
};

struct batch_figures {
  std::unordered_map<crypto::key_id, key_use_figures, crypto::key_id_hash> keys;
  std::uint64_t epoch_batches = 0; ///< of the requested epoch
  std::uint64_t epoch_signatures = 0;
  std::uint64_t epoch_last_ms = 0; ///< when its last batch was signed
};

batch_figures count_batches(const storage::record_store& store,
                            std::uint32_t epoch = 0);

} // namespace chancery::apps
