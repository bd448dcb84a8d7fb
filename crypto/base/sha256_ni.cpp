// SPDX-License-Identifier: Apache-2.0
//
// Compiled for the SHA extensions. It exports one function and no other code.
// Two messages at a time, as each instruction waits for the one before.
#include "crypto/base/sha256_ni.hpp"

#include "crypto/base/sha256_constants.hpp"

#include <immintrin.h>

namespace chancery::crypto {

namespace {

/// A state in the order that the instructions want.
struct half_states {
  __m128i abef;
  __m128i cdgh;
};

[[gnu::always_inline]] inline __m128i words(const std::uint32_t* s, int a,
                                            int b, int c, int d) {
  const auto word = [s](int i) { return static_cast<int>(s[i]); };
  return _mm_set_epi32(word(a), word(b), word(c), word(d));
}

[[gnu::always_inline]] inline void store(std::uint32_t* s, __m128i value, int a,
                                         int b, int c, int d) {
  s[a] = static_cast<std::uint32_t>(_mm_extract_epi32(value, 3));
  s[b] = static_cast<std::uint32_t>(_mm_extract_epi32(value, 2));
  s[c] = static_cast<std::uint32_t>(_mm_extract_epi32(value, 1));
  s[d] = static_cast<std::uint32_t>(_mm_extract_epi32(value, 0));
}

/// Rounds 4 i to 4 i + 3, and the message's words for 4 i + 16 on.
[[gnu::always_inline]] inline void four_rounds(half_states& s, __m128i (&w)[4],
                                               int i) {
  auto& now = w[i % 4];
  const auto& last = w[(i + 3) % 4];
  const auto added = _mm_add_epi32(
      now,
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(sha256_rounds + 4 * i)));
  s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, added);
  s.abef =
      _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(added, 0x0e));
  if (i >= 12) // no later round needs more words
    return;
  const auto seventh = _mm_alignr_epi8(last, w[(i + 2) % 4], 4);
  now = _mm_sha256msg2_epu32(
      _mm_add_epi32(_mm_sha256msg1_epu32(now, w[(i + 1) % 4]), seventh), last);
}

} // namespace

void sha256_compress_two(std::array<sha256_words, 2>& states,
                         const std::array<const std::byte*, 2>& blocks,
                         std::size_t count) {
  const auto big_endian =
      _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  std::uint32_t* const out[2] = {&states[0][0], &states[1][0]};
  const std::byte* const in[2] = {blocks[0], blocks[1]};
  half_states s[2];
  for (int m = 0; m < 2; ++m)
    s[m] = {words(out[m], 0, 1, 4, 5), words(out[m], 2, 3, 6, 7)};
  for (std::size_t at = 0; at < count * sha256_block_size;
       at += sha256_block_size) {
    const half_states before[2] = {s[0], s[1]};
    __m128i w[2][4];
    for (int m = 0; m < 2; ++m)
      for (int i = 0; i < 4; ++i)
        w[m][i] = _mm_shuffle_epi8(
            _mm_loadu_si128(reinterpret_cast<const __m128i*>(in[m] + at) + i),
            big_endian);
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
      four_rounds(s[0], w[0], i);
      four_rounds(s[1], w[1], i);
    }
    for (int m = 0; m < 2; ++m)
      s[m] = {_mm_add_epi32(s[m].abef, before[m].abef),
              _mm_add_epi32(s[m].cdgh, before[m].cdgh)};
  }
  for (int m = 0; m < 2; ++m) {
    store(out[m], s[m].abef, 0, 1, 4, 5);
    store(out[m], s[m].cdgh, 2, 3, 6, 7);
  }
}

} // namespace chancery::crypto
