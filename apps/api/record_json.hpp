// SPDX-License-Identifier: Apache-2.0
#pragma once

// Stored records and batches as the API shows them. Pure functions of a
// snapshot; any thread.

#include "crypto/base/curve.hpp"
#include "storage/record_store.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string_view>

namespace chancery::apps {

/// {"id","name","size","received","signed"}; `name` and `received` are null
/// where there is none.
nlohmann::ordered_json record_summary(const storage::snapshot& view,
                                      std::uint64_t id);

/// The same, and "signature" once there is one:
/// {"key","alg","value","batch":{"first","count","lease"},"time"}.
nlohmann::ordered_json record_json(const storage::snapshot& view,
                                   std::uint64_t id,
                                   std::string_view algorithm);

/// Adds "signature" of the batch that has the record, and sets "signed".
void add_signature(nlohmann::ordered_json& shown, const storage::snapshot& view,
                   std::uint64_t id, const storage::batch_row& batch,
                   std::string_view algorithm);

/// {"first","count","lease","key","worker","reason","time"}; `worker` is null
/// where this host has signed.
nlohmann::ordered_json batch_json(const storage::snapshot& view,
                                  const storage::batch_row& batch);

/// Of all keys whose signatures a store has: their size tells.
crypto::curve curve_of(const storage::record_store& store) noexcept;

/// ES256 or ES384.
std::string_view algorithm_of(const storage::record_store& store) noexcept;

} // namespace chancery::apps
