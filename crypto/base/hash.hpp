// SPDX-License-Identifier: Apache-2.0
#pragma once

// SHA-256 and SHA-384 (FIPS 180-4) with reused contexts, and the record digest
// that follows from the curve. A hasher belongs to one thread at a time.

#include "crypto/base/curve.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace chancery::crypto {

std::array<std::uint8_t, 32> sha256(std::span<const std::byte> data);

/// Hashes records for signing: SHA-256 for P-256, SHA-384 for P-384.
class record_hasher {
 public:
  explicit record_hasher(curve c);
  record_hasher(record_hasher&&) noexcept;
  record_hasher& operator=(record_hasher&&) noexcept;
  ~record_hasher();

  std::size_t size() const noexcept { return size_; }

  /// Writes size() bytes to the front of `digest`.
  void operator()(std::span<const std::byte> record,
                  std::span<std::byte> digest);

  /// The same for many records, much faster where the processor has vectors
  /// for SHA-256: size() bytes for each, in their order.
  void operator()(std::span<const std::span<const std::byte>> records,
                  std::span<std::byte> digests);

  /// The same for texts: size() bytes for each.
  std::vector<std::byte> operator()(std::span<const std::string> texts);

 private:
  struct context;
  std::unique_ptr<context> context_;
  std::size_t size_;
};

} // namespace chancery::crypto
