// SPDX-License-Identifier: Apache-2.0
#pragma once

// A unit that another host handed in, before anybody has verified it: what the
// coordinator sent (batches, keys, digests), and what came back (signatures).
// Shared by the actors that judge it; nobody changes it.

#include "actors/signing/unit.hpp"
#include "storage/record_store.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::actors {

/// A batch of a unit, and the key of its lease.
struct remote_batch {
  unit_batch batch;
  storage::key_name key{};
  std::uint32_t begin = 0; ///< index of its first signature in the unit
};

class remote_unit {
 public:
  /// `keys`: one for each of `batches` (unit_batch items). Throws
  /// std::invalid_argument when the lengths do not fit.
  remote_unit(std::string worker, std::string_view batches,
              const std::vector<storage::key_name>& keys, std::string digests,
              std::string signatures, std::size_t signature_size);

  /// The name in the certificate of the host that handed it in.
  const std::string& worker() const noexcept { return worker_; }
  const std::vector<remote_batch>& batches() const noexcept { return batches_; }
  /// Signatures in it.
  std::uint32_t size() const noexcept { return size_; }

  /// The batch of a signature. `index` is below size().
  const remote_batch& batch_of(std::uint32_t index) const;
  std::span<const std::byte> digest(std::uint32_t index) const;
  std::span<const std::byte> signature(std::uint32_t index) const;
  /// All signatures of a batch.
  std::string_view signatures(const remote_batch& b) const;

 private:
  std::string worker_;
  std::vector<remote_batch> batches_;
  std::string digests_;
  std::string signatures_;
  std::size_t signature_size_;
  std::size_t digest_size_ = 0;
  std::uint32_t size_ = 0;
};

using remote_unit_ptr = std::shared_ptr<const remote_unit>;

} // namespace chancery::actors
