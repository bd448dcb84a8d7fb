// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/hash.hpp"

#include "crypto/base/base64url.hpp"
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

/// What precedes every record, and how records are written.
struct record_hasher::context {
  context(curve c, std::string_view before, bool in_base64url)
      : hash(Botan::HashFunction::create_or_throw(
            c == curve::p256 ? "SHA-256" : "SHA-384")),
        prefix(before), encodes(in_base64url) {
    many = c == curve::p256 && can_sha256_many();
    const auto whole = prefix.size() - prefix.size() % sha256_block_size;
    if (many)
      midstate = sha256_absorb(bytes_of(prefix).first(whole));
  }

  /// The texts after the midstate, in `texts`.
  void write_out(std::span<const std::span<const std::byte>> records) {
    const auto rest = std::string_view(prefix).substr(midstate.bytes);
    std::size_t size = 0;
    for (const auto& record : records)
      size += rest.size() + (record.size() * 4 + 2) / 3;
    written.clear();
    written.reserve(size); // so that the texts stay where they are
    texts.clear();
    for (const auto& record : records) {
      const auto begin = written.size();
      written += rest;
      written += base64url_encode(record);
      texts.push_back(bytes_of(std::string_view(written).substr(begin)));
    }
  }

  void hash_one(std::span<const std::byte> record, std::uint8_t* digest) {
    hash->update(prefix);
    if (encodes)
      hash->update(base64url_encode(record));
    else
      hash->update(octets(record), record.size());
    hash->final(digest);
  }

  std::unique_ptr<Botan::HashFunction> hash;
  const std::string prefix;
  const bool encodes;
  bool many = false; ///< two records at a time
  sha256_midstate midstate;
  std::string written;
  std::vector<std::span<const std::byte>> texts;
};

record_hasher::record_hasher(curve c)
    : context_(new context(c, "", false)), size_(field_size(c)) {}

record_hasher::record_hasher(curve c, std::string_view header)
    : context_(new context(c, std::string(header) + ".", true)),
      size_(field_size(c)) {}

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
  if (c.encodes) {
    c.write_out(records);
    records = c.texts;
  }
  sha256_many(c.midstate, records, digests.data());
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
