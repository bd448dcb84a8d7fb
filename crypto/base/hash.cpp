// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/hash.hpp"

#include "crypto/base/bytes.hpp"

#include <botan/hash.h>

#include <stdexcept>

namespace chancery::crypto {

std::array<std::uint8_t, 32> sha256(std::span<const std::byte> data) {
  // Looking a hash up by name costs more than hashing a short text does.
  thread_local const auto hash =
      Botan::HashFunction::create_or_throw("SHA-256");
  std::array<std::uint8_t, 32> digest;
  hash->update(octets(data), data.size());
  hash->final(digest.data());
  return digest;
}

struct record_hasher::context {
  std::unique_ptr<Botan::HashFunction> hash;
};

record_hasher::record_hasher(curve c)
    : context_(new context{Botan::HashFunction::create_or_throw(
          c == curve::p256 ? "SHA-256" : "SHA-384")}),
      size_(field_size(c)) {}

record_hasher::record_hasher(record_hasher&&) noexcept = default;
record_hasher& record_hasher::operator=(record_hasher&&) noexcept = default;
record_hasher::~record_hasher() = default;

void record_hasher::operator()(std::span<const std::byte> record,
                               std::span<std::byte> digest) {
  if (digest.size() < size_)
    throw std::invalid_argument("the buffer for a digest is too small");
  context_->hash->update(octets(record), record.size());
  context_->hash->final(octets(digest));
}

} // namespace chancery::crypto
