// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/sha256_many.hpp"

#include "crypto/base/big_endian.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/sha256_constants.hpp"

#ifdef CHANCERY_SHA256_NI
#include <cpuid.h>
#endif

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <vector>

namespace chancery::crypto {

namespace {

constexpr std::size_t length_size = 8;

/// A text that is being hashed: first its whole blocks where they lie, then
/// the rest of it with the padding (FIPS 180-4 5.1.1).
struct lane_text {
  const std::byte* at = nullptr;
  std::size_t blocks = 0; ///< from `at` on
  std::size_t tail_blocks = 0;
  std::array<std::byte, 2 * sha256_block_size> tail;
  std::byte* digest = nullptr; ///< null: this lane has nothing to do

  void begin(std::span<const std::byte> text, std::uint64_t before,
             std::byte* to) {
    digest = to;
    at = text.data();
    blocks = text.size() / sha256_block_size;
    const auto rest = text.size() % sha256_block_size;
    tail_blocks = rest + 1 + length_size > sha256_block_size ? 2 : 1;
    const auto end = tail_blocks * sha256_block_size;
    if (rest != 0)
      std::memcpy(tail.data(), at + text.size() - rest, rest);
    tail[rest] = std::byte{0x80};
    std::memset(tail.data() + rest + 1, 0, end - rest - 1 - length_size);
    put_big_endian((before + text.size()) * 8, tail.data() + end - length_size);
    turn_to_tail();
  }

  /// False when the text is done.
  bool take(std::size_t count) {
    at += count * sha256_block_size;
    blocks -= count;
    turn_to_tail();
    return blocks != 0;
  }

 private:
  void turn_to_tail() {
    if (blocks != 0 || tail_blocks == 0)
      return;
    at = tail.data();
    blocks = tail_blocks;
    tail_blocks = 0;
  }
};

class two_lanes {
 public:
  two_lanes(const sha256_midstate& before,
            std::span<const std::span<const std::byte>> texts,
            std::byte* digests)
      : before_(before), texts_(texts), digests_(digests) {
    next(0);
    next(1);
  }

  void run() {
    while (lanes_[0].digest != nullptr || lanes_[1].digest != nullptr) {
      // A lane without work reads the other one's blocks.
      const auto& a = lanes_[lanes_[0].digest != nullptr ? 0 : 1];
      const auto& b = lanes_[lanes_[1].digest != nullptr ? 1 : 0];
      const auto count = std::min(a.blocks, b.blocks);
#ifdef CHANCERY_SHA256_NI
      sha256_compress_two(states_, {a.at, b.at}, count);
#endif
      for (std::size_t i = 0; i < 2; ++i)
        if (lanes_[i].digest != nullptr && !lanes_[i].take(count))
          finish(i);
    }
  }

 private:
  void finish(std::size_t i) {
    for (std::size_t word = 0; word < 8; ++word)
      put_big_endian(states_[i][word], lanes_[i].digest + 4 * word);
    next(i);
  }

  void next(std::size_t i) {
    lanes_[i].digest = nullptr;
    if (next_ == texts_.size())
      return;
    lanes_[i].begin(texts_[next_], before_.bytes,
                    digests_ + next_ * sha256_size);
    states_[i] = before_.state;
    ++next_;
  }

  const sha256_midstate& before_;
  const std::span<const std::span<const std::byte>> texts_;
  std::byte* const digests_;
  std::size_t next_ = 0; ///< index of the text that no lane has begun
  std::array<lane_text, 2> lanes_;
  std::array<sha256_words, 2> states_{};
};

#ifdef CHANCERY_SHA256_NI
bool has_instructions() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  return __builtin_cpu_supports("sse4.1") &&
         __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
}

/// The examples of NIST: one block, and two.
bool gives_known_hashes() {
  constexpr std::array<std::string_view, 2> known{
      "abc", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"};
  constexpr std::array<std::array<unsigned char, sha256_size>, 2> hashes{
      {{0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
        0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
        0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad},
       {0x24, 0x8d, 0x6a, 0x61, 0xd2, 0x06, 0x38, 0xb8, 0xe5, 0xc0, 0x26,
        0x93, 0x0c, 0x3e, 0x60, 0x39, 0xa3, 0x3c, 0xe4, 0x59, 0x64, 0xff,
        0x21, 0x67, 0xf6, 0xec, 0xed, 0xd4, 0x19, 0xdb, 0x06, 0xc1}}};
  std::vector<std::span<const std::byte>> texts;
  for (std::size_t i = 0; i < 5; ++i) // each text in each lane
    texts.push_back(bytes_of(known.at(i * 2 % 3 % 2)));
  std::array<std::byte, 5 * sha256_size> digests{};
  sha256_many(sha256_begin(), texts, digests.data());
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (!std::ranges::equal(
            std::span(digests).subspan(i * sha256_size, sha256_size),
            std::as_bytes(std::span(hashes.at(i * 2 % 3 % 2)))))
      return false;
  return true;
}
#endif

} // namespace

bool can_sha256_many() {
#ifdef CHANCERY_SHA256_NI
  static const bool can = has_instructions() && gives_known_hashes();
  return can;
#else
  return false;
#endif
}

sha256_midstate sha256_begin() { return {std::to_array(sha256_start), 0}; }

sha256_midstate sha256_absorb(const sha256_midstate& before,
                              std::span<const std::byte> blocks) {
  std::array<sha256_words, 2> states;
  states.fill(before.state);
#ifdef CHANCERY_SHA256_NI
  if (!blocks.empty())
    sha256_compress_two(states, {blocks.data(), blocks.data()},
                        blocks.size() / sha256_block_size);
#endif
  return {states[0], before.bytes + blocks.size()};
}

void sha256_many(const sha256_midstate& before,
                 std::span<const std::span<const std::byte>> texts,
                 std::byte* digests) {
  two_lanes(before, texts, digests).run();
}

} // namespace chancery::crypto
