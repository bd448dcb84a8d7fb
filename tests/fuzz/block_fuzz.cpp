// SPDX-License-Identifier: Apache-2.0
// libFuzzer target for what a client parses from an untrusted node: block
// headers, inclusion paths, receipts and keys. The first byte selects the
// parser. A value that was accepted must survive encoding and parsing again.
#include "crypto/base/bytes.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/block.hpp"
#include "crypto/ledger/merkle.hpp"
#include "crypto/ledger/message.hpp"
#include "crypto/ledger/refusal.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

using namespace chancery::crypto;

void require(bool holds) {
  if (!holds)
    std::abort();
}

void read_block(std::span<const std::byte> bytes) {
  const auto header = decode_block_header(bytes);
  if (!header)
    return;
  const auto again = encode(*header);
  require(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
  require(header->count >= 1 && header->count <= block_size_max);
}

/// The first two bytes are index and size, the rest are hashes.
void read_path(std::span<const std::byte> bytes) {
  if (bytes.size() < 34)
    return;
  const auto index = std::to_integer<std::uint64_t>(bytes[0]);
  const auto size = std::to_integer<std::uint64_t>(bytes[1]);
  std::vector<merkle_hash> hashes;
  for (auto rest = bytes.subspan(2); rest.size() >= 32;
       rest = rest.subspan(32)) {
    auto& hash = hashes.emplace_back();
    std::copy_n(reinterpret_cast<const std::uint8_t*>(rest.data()), 32,
                hash.begin());
  }
  const auto leaf = hashes.back();
  hashes.pop_back();
  merkle_hash root{};
  // No path to an all-zero root can be found.
  require(!verify_merkle_path(leaf, index, size, hashes, root) || leaf == root);
  if (index == 0 && size == 1)
    require(verify_merkle_path(leaf, 0, 1, hashes, leaf) == hashes.empty());
}

void read_json(std::string_view text) {
  try {
    const auto r = receipt_from_json(text);
    const auto again = receipt_from_json(to_json(r));
    require(again.index == r.index && again.leaf == r.leaf &&
            again.time_ms == r.time_ms && again.block == r.block);
  } catch (const refused&) {
  }
  try {
    const auto k = node_keys_from_json(text);
    const auto again = node_keys_from_json(to_json(k));
    require(again.signing == k.signing && again.encryption == k.encryption);
  } catch (const refused&) {
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  const auto bytes = std::as_bytes(std::span(data + 1, size - 1));
  switch (data[0]) {
  case 'p':
    read_path(bytes);
    break;
  case 'j':
    read_json(text_of(bytes));
    break;
  default:
    read_block(bytes);
    break;
  }
  return 0;
}
