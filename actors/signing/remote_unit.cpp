// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/remote_unit.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

namespace {

std::span<const std::byte> item(const std::string& bytes, std::size_t size,
                                std::size_t index) {
  return std::as_bytes(std::span(bytes)).subspan(index * size, size);
}

} // namespace

remote_unit::remote_unit(std::string worker, std::string_view batches,
                         const std::vector<storage::key_name>& keys,
                         std::string digests, std::string signatures,
                         std::size_t signature_size)
    : worker_(std::move(worker)), digests_(std::move(digests)),
      signatures_(std::move(signatures)), signature_size_(signature_size) {
  const auto decoded = decode_unit_batches(batches);
  if (decoded.empty() || decoded.size() != keys.size())
    throw std::invalid_argument("a unit needs one key for each batch");
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < decoded.size(); ++i) {
    batches_.push_back(
        {decoded[i], keys[i], static_cast<std::uint32_t>(total)});
    total += decoded[i].count;
  }
  if (total == 0 || signatures_.size() != total * signature_size_)
    throw std::invalid_argument("a unit's signatures have a wrong length");
  if (digests_.empty() || digests_.size() % total != 0)
    throw std::invalid_argument("a unit's digests have a wrong length");
  size_ = static_cast<std::uint32_t>(total);
  digest_size_ = digests_.size() / total;
}

const remote_batch& remote_unit::batch_of(std::uint32_t index) const {
  const auto after =
      std::ranges::upper_bound(batches_, index, {}, &remote_batch::begin);
  return *std::prev(after);
}

std::span<const std::byte> remote_unit::digest(std::uint32_t index) const {
  return item(digests_, digest_size_, index);
}

std::span<const std::byte> remote_unit::signature(std::uint32_t index) const {
  return item(signatures_, signature_size_, index);
}

std::string_view remote_unit::signatures(const remote_batch& b) const {
  return std::string_view(signatures_)
      .substr(b.begin * signature_size_, b.batch.count * signature_size_);
}

} // namespace chancery::actors
