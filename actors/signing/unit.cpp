// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/unit.hpp"

#include <stdexcept>

namespace chancery::actors {

void encode(const unit_batch& batch, std::string& out) {
  append_integer(batch.fence, out);
  append_integer(batch.first, out);
  append_integer(batch.count, out);
}

std::vector<unit_batch> decode_unit_batches(std::string_view bytes) {
  if (bytes.size() % unit_batch::wire_size != 0)
    throw std::invalid_argument("a unit's batches have a wrong length");
  std::vector<unit_batch> batches;
  batches.reserve(bytes.size() / unit_batch::wire_size);
  for (; !bytes.empty(); bytes.remove_prefix(unit_batch::wire_size))
    batches.push_back({read_integer<std::uint64_t>(bytes),
                       read_integer<std::uint64_t>(bytes.substr(8)),
                       read_integer<std::uint32_t>(bytes.substr(16))});
  return batches;
}

std::string encode_fences(std::span<const std::uint64_t> fences) {
  std::string bytes;
  bytes.reserve(fences.size() * 8);
  for (const auto fence : fences)
    append_integer(fence, bytes);
  return bytes;
}

std::vector<std::uint64_t> decode_fences(std::string_view bytes) {
  if (bytes.size() % 8 != 0)
    throw std::invalid_argument("a list of fences has a wrong length");
  std::vector<std::uint64_t> fences;
  fences.reserve(bytes.size() / 8);
  for (; !bytes.empty(); bytes.remove_prefix(8))
    fences.push_back(read_integer<std::uint64_t>(bytes));
  return fences;
}

} // namespace chancery::actors
