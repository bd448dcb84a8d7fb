// SPDX-License-Identifier: Apache-2.0

// As W. Mula and D. Lemire describe it (Base64 encoding and decoding at almost
// the speed of a memory copy, 2019). Compiled for AVX-512 VBMI, and called only
// where the processor has it: everything but the two functions is in an unnamed
// namespace, as in kernel_ifma.cpp.

#include "crypto/base/base64url_vbmi.hpp"

#include <immintrin.h>

namespace chancery::crypto {

namespace {

struct alignas(64) row {
  std::uint8_t at[64];
};

constexpr char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t outside = 0x80;

constexpr row characters() {
  row r{};
  for (int v = 0; v < 64; ++v)
    r.at[v] = static_cast<std::uint8_t>(alphabet[v]);
  return r;
}

/// The values of the characters from `first` on.
constexpr row values_from(int first) {
  row r{};
  for (auto& value : r.at)
    value = outside;
  for (int v = 0; v < 64; ++v)
    if (alphabet[v] >= first && alphabet[v] < first + 64)
      r.at[alphabet[v] - first] = static_cast<std::uint8_t>(v);
  return r;
}

/// Three bytes become four, each with the bits of two characters beside each
/// other: second, first, third, second.
constexpr row spread() {
  row r{};
  for (int i = 0; i < 16; ++i) {
    const int from[4] = {3 * i + 1, 3 * i, 3 * i + 2, 3 * i + 1};
    for (int j = 0; j < 4; ++j)
      r.at[4 * i + j] = static_cast<std::uint8_t>(from[j]);
  }
  return r;
}

/// The three lower bytes of each four, the highest first.
constexpr row packing() {
  row r{};
  for (int i = 0; i < 16; ++i)
    for (int j = 0; j < 3; ++j)
      r.at[3 * i + j] = static_cast<std::uint8_t>(4 * i + 2 - j);
  return r;
}

constexpr row encoding = characters(), low_half = values_from(0),
              high_half = values_from(64), spreading = spread(),
              packed = packing();

constexpr __mmask64 block_mask = (__mmask64{1} << base64url_block_bytes) - 1;

inline __m512i loaded(const row& r) { return _mm512_load_si512(r.at); }

} // namespace

void base64url_encode_blocks(const std::uint8_t* from, std::size_t blocks,
                             char* to) {
  // Where the six bits of each byte's character begin in a pair of such fours.
  const auto shifts = _mm512_set1_epi64(0x3036242a1016040a);
  for (; blocks > 0; --blocks, from += base64url_block_bytes,
                     to += base64url_block_characters) {
    const auto bytes = _mm512_maskz_loadu_epi8(block_mask, from);
    const auto fours = _mm512_permutexvar_epi8(loaded(spreading), bytes);
    const auto values = _mm512_multishift_epi64_epi8(shifts, fours);
    _mm512_storeu_si512(to, _mm512_permutexvar_epi8(values, loaded(encoding)));
  }
}

bool base64url_decode_blocks(const char* from, std::size_t blocks,
                             std::uint8_t* to) {
  auto bad = _mm512_setzero_si512();
  for (; blocks > 0; --blocks, from += base64url_block_characters,
                     to += base64url_block_bytes) {
    const auto text = _mm512_loadu_si512(from);
    const auto values =
        _mm512_permutex2var_epi8(loaded(low_half), text, loaded(high_half));
    bad = _mm512_or_si512(bad, _mm512_or_si512(values, text));
    // Two values become 12 bits, two of these 24.
    const auto twelve =
        _mm512_maddubs_epi16(values, _mm512_set1_epi32(0x01400140));
    const auto all = _mm512_madd_epi16(twelve, _mm512_set1_epi32(0x00011000));
    _mm512_mask_storeu_epi8(to, block_mask,
                            _mm512_permutexvar_epi8(loaded(packed), all));
  }
  return _mm512_movepi8_mask(bad) == 0;
}

} // namespace chancery::crypto
