// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/hash.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/sha256_many.hpp"

#include <botan/hash.h>

#include <stdexcept>
#include <string>
#include <vector>

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
  explicit context(curve c)
      : hash(Botan::HashFunction::create_or_throw(
            c == curve::p256 ? "SHA-256" : "SHA-384")),
        many(c == curve::p256 && can_sha256_many()) {}

  void hash_one(std::span<const std::byte> record, std::uint8_t* digest) {
    hash->update(octets(record), record.size());
    hash->final(digest);
  }

  std::unique_ptr<Botan::HashFunction> hash;
  bool many; ///< two records at a time
};

record_hasher::record_hasher(curve c)
    : context_(std::make_unique<context>(c)), size_(field_size(c)) {}

record_hasher::record_hasher(record_hasher&&) noexcept = default;
record_hasher& record_hasher::operator=(record_hasher&&) noexcept = default;
record_hasher::~record_hasher() = default;

void record_hasher::operator()(std::span<const std::byte> record,
                               std::span<std::byte> digest) {
  if (digest.size() < size_)
    throw std::invalid_argument("the buffer for a digest is too small");
  context_->hash_one(record, octets(digest));
}

void record_hasher::operator()(
    std::span<const std::span<const std::byte>> records,
    std::span<std::byte> digests) {
  if (digests.size() < records.size() * size_)
    throw std::invalid_argument("the buffer for digests is too small");
  auto& c = *context_;
  if (!c.many) {
    for (std::size_t i = 0; i < records.size(); ++i)
      c.hash_one(records[i], octets(digests.subspan(i * size_)));
    return;
  }
  sha256_many(sha256_begin(), records, digests.data());
}

std::vector<std::byte>
record_hasher::operator()(std::span<const std::string> texts) {
  std::vector<std::span<const std::byte>> records;
  records.reserve(texts.size());
  for (const auto& text : texts)
    records.push_back(bytes_of(text));
  std::vector<std::byte> digests(texts.size() * size_);
  (*this)(records, digests);
  return digests;
}

} // namespace chancery::crypto
