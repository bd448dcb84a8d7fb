// SPDX-License-Identifier: Apache-2.0
#pragma once

// The AVX-512 intrinsics that crypto/p256 uses, in plain C++, because valgrind
// does not support AVX-512. It has the name of the compiler's header and
// replaces it in emulated_kernel.cpp only. No branch and no address here
// depends on a lane, except in gathers and scatters, whose lanes are addresses.
// So valgrind sees every address that the processor could leak.

#include <cstdint>
#include <cstring>

// Not inlined: inlining them all takes the compiler minutes.
#define CHANCERY_EMULATED [[gnu::noinline, maybe_unused]] static

struct __m512i {
  std::uint64_t w[8];
};
using __mmask8 = std::uint8_t;

namespace chancery_emulated {

using word = std::uint64_t;
using word32 = std::uint32_t;

struct halves {
  word32 w[16];
};

inline halves split(const __m512i& a) {
  halves h;
  std::memcpy(&h, &a, sizeof h);
  return h;
}

inline __m512i joined(const halves& h) {
  __m512i a;
  std::memcpy(&a, &h, sizeof a);
  return a;
}

template <class Lane>
inline __m512i each(const Lane& lane) {
  __m512i r;
  for (int i = 0; i < 8; ++i)
    r.w[i] = lane(i);
  return r;
}

template <class Lane>
inline __m512i each32(const Lane& lane) {
  halves r;
  for (int i = 0; i < 16; ++i)
    r.w[i] = lane(i);
  return joined(r);
}

template <class Bit>
inline __mmask8 mask_of_each(const Bit& bit) {
  word mask = 0;
  for (int i = 0; i < 8; ++i)
    mask |= bit(i) << i;
  return static_cast<__mmask8>(mask);
}

/// 1 if `a` is not zero, else 0. The asm keeps the compiler from comparing.
inline word is_set(word a) {
  asm("" : "+r"(a));
  return (a | (0 - a)) >> 63;
}

/// All ones if the lane's bit is set, else 0.
inline word lane_mask(__mmask8 mask, int lane) {
  word all = 0 - (static_cast<word>(mask >> lane) & 1);
  asm("" : "+r"(all));
  return all;
}

CHANCERY_EMULATED __m512i chosen(__mmask8 mask, const __m512i& yes,
                                 const __m512i& no) {
  return each([&](int i) {
    const word all = lane_mask(mask, i);
    return (yes.w[i] & all) | (no.w[i] & ~all);
  });
}

inline unsigned __int128 product52(word a, word b) {
  constexpr word low = (word{1} << 52) - 1;
  return static_cast<unsigned __int128>(a & low) * (b & low);
}

/// `from` is null where the lanes are absolute addresses.
template <class Value>
inline Value read(const void* from, std::int64_t offset) {
  const auto at =
      reinterpret_cast<std::uintptr_t>(from) + static_cast<word>(offset);
  Value value;
  std::memcpy(&value, reinterpret_cast<const void*>(at), sizeof value);
  return value;
}

} // namespace chancery_emulated

#define CHANCERY_LANES(expression)                                             \
  chancery_emulated::each([&](int i) -> std::uint64_t { return expression; })

CHANCERY_EMULATED __m512i _mm512_setzero_si512() { return {}; }
CHANCERY_EMULATED __m512i _mm512_set1_epi64(long long a) {
  return CHANCERY_LANES((static_cast<void>(i), static_cast<std::uint64_t>(a)));
}
CHANCERY_EMULATED __m512i _mm512_set1_epi32(int a) {
  return chancery_emulated::each32(
      [&](int) { return static_cast<std::uint32_t>(a); });
}

template <class... Lanes>
CHANCERY_EMULATED __m512i _mm512_set_epi64(Lanes... highest_first) {
  const long long from[8] = {highest_first...};
  return CHANCERY_LANES(static_cast<std::uint64_t>(from[7 - i]));
}
template <class... Lanes>
CHANCERY_EMULATED __m512i _mm512_set_epi32(Lanes... highest_first) {
  const int from[16] = {highest_first...};
  return chancery_emulated::each32(
      [&](int i) { return static_cast<std::uint32_t>(from[15 - i]); });
}

CHANCERY_EMULATED __m512i _mm512_add_epi64(const __m512i& a, const __m512i& b) {
  return CHANCERY_LANES(a.w[i] + b.w[i]);
}
CHANCERY_EMULATED __m512i _mm512_sub_epi64(const __m512i& a, const __m512i& b) {
  return CHANCERY_LANES(a.w[i] - b.w[i]);
}
CHANCERY_EMULATED __m512i _mm512_and_si512(const __m512i& a, const __m512i& b) {
  return CHANCERY_LANES(a.w[i] & b.w[i]);
}
CHANCERY_EMULATED __m512i _mm512_or_si512(const __m512i& a, const __m512i& b) {
  return CHANCERY_LANES(a.w[i] | b.w[i]);
}
CHANCERY_EMULATED __m512i _mm512_slli_epi64(const __m512i& a, auto bits) {
  return CHANCERY_LANES(bits < 64 ? a.w[i] << bits : 0);
}
CHANCERY_EMULATED __m512i _mm512_srli_epi64(const __m512i& a, auto bits) {
  return CHANCERY_LANES(bits < 64 ? a.w[i] >> bits : 0);
}
CHANCERY_EMULATED __m512i _mm512_srai_epi64(const __m512i& a, auto bits) {
  return CHANCERY_LANES(
      static_cast<std::uint64_t>(static_cast<std::int64_t>(a.w[i]) >> bits));
}

CHANCERY_EMULATED __m512i _mm512_madd52lo_epu64(const __m512i& a,
                                                const __m512i& b,
                                                const __m512i& c) {
  return CHANCERY_LANES(a.w[i] +
                        (static_cast<std::uint64_t>(
                             chancery_emulated::product52(b.w[i], c.w[i])) &
                         ((std::uint64_t{1} << 52) - 1)));
}
CHANCERY_EMULATED __m512i _mm512_madd52hi_epu64(const __m512i& a,
                                                const __m512i& b,
                                                const __m512i& c) {
  return CHANCERY_LANES(
      a.w[i] + static_cast<std::uint64_t>(
                   chancery_emulated::product52(b.w[i], c.w[i]) >> 52));
}

CHANCERY_EMULATED __mmask8 _mm512_movepi64_mask(const __m512i& a) {
  return chancery_emulated::mask_of_each([&](int i) { return a.w[i] >> 63; });
}
CHANCERY_EMULATED __mmask8 _mm512_test_epi64_mask(const __m512i& a,
                                                  const __m512i& b) {
  return chancery_emulated::mask_of_each(
      [&](int i) { return chancery_emulated::is_set(a.w[i] & b.w[i]); });
}
CHANCERY_EMULATED __mmask8 _mm512_testn_epi64_mask(const __m512i& a,
                                                   const __m512i& b) {
  return static_cast<__mmask8>(~_mm512_test_epi64_mask(a, b));
}
CHANCERY_EMULATED __m512i _mm512_mask_mov_epi64(const __m512i& no,
                                                __mmask8 mask,
                                                const __m512i& yes) {
  return chancery_emulated::chosen(mask, yes, no);
}
CHANCERY_EMULATED __m512i _mm512_mask_sub_epi64(const __m512i& no,
                                                __mmask8 mask, const __m512i& a,
                                                const __m512i& b) {
  return chancery_emulated::chosen(mask, _mm512_sub_epi64(a, b), no);
}
CHANCERY_EMULATED __m512i _mm512_mask_xor_epi64(const __m512i& no,
                                                __mmask8 mask, const __m512i& a,
                                                const __m512i& b) {
  return chancery_emulated::chosen(mask, CHANCERY_LANES(a.w[i] ^ b.w[i]), no);
}

/// Each lane selects one of sixteen words; all sixteen are read.
CHANCERY_EMULATED __m512i _mm512_permutex2var_epi64(const __m512i& a,
                                                    const __m512i& index,
                                                    const __m512i& b) {
  __m512i r{};
  for (int from = 0; from < 16; ++from)
    for (int i = 0; i < 8; ++i) {
      const auto other = (index.w[i] & 15) ^ static_cast<std::uint64_t>(from);
      const auto same = chancery_emulated::is_set(other) - 1;
      r.w[i] |= (from < 8 ? a.w[from] : b.w[from - 8]) & same;
    }
  return r;
}

CHANCERY_EMULATED __m512i _mm512_load_si512(const void* from) {
  __m512i r;
  std::memcpy(&r, from, sizeof r);
  return r;
}
CHANCERY_EMULATED __m512i _mm512_loadu_si512(const void* from) {
  return _mm512_load_si512(from);
}
CHANCERY_EMULATED void _mm512_store_si512(void* to, const __m512i& a) {
  std::memcpy(to, &a, sizeof a);
}
CHANCERY_EMULATED __m512i _mm512_unpacklo_epi64(const __m512i& a,
                                                const __m512i& b) {
  return CHANCERY_LANES(i % 2 == 0 ? a.w[i] : b.w[i - 1]);
}
CHANCERY_EMULATED __m512i _mm512_unpackhi_epi64(const __m512i& a,
                                                const __m512i& b) {
  return CHANCERY_LANES(i % 2 == 0 ? a.w[i + 1] : b.w[i]);
}
CHANCERY_EMULATED __m512i _mm512_shuffle_i64x2(const __m512i& a,
                                               const __m512i& b, int chosen) {
  return CHANCERY_LANES(
      (i < 4 ? a : b).w[2 * (chosen >> (i / 2 * 2) & 3) + i % 2]);
}
CHANCERY_EMULATED __m512i _mm512_i64gather_epi64(const __m512i& at,
                                                 const void* from, int scale) {
  return chancery_emulated::each([&](int i) {
    return chancery_emulated::read<std::uint64_t>(
        from, static_cast<std::int64_t>(at.w[i]) * scale);
  });
}
CHANCERY_EMULATED void _mm512_i64scatter_epi64(void* to, const __m512i& at,
                                               const __m512i& a, int scale) {
  for (int i = 0; i < 8; ++i)
    std::memcpy(static_cast<char*>(to) +
                    static_cast<std::int64_t>(at.w[i]) * scale,
                &a.w[i], sizeof a.w[i]);
}
CHANCERY_EMULATED __m512i _mm512_i32gather_epi32(const __m512i& at,
                                                 const void* from, int scale) {
  const auto places = chancery_emulated::split(at);
  return chancery_emulated::each32([&](int i) {
    return chancery_emulated::read<std::uint32_t>(
        from, std::int64_t{static_cast<std::int32_t>(places.w[i])} * scale);
  });
}
CHANCERY_EMULATED void _mm512_i32scatter_epi32(void* to, const __m512i& at,
                                               const __m512i& a, int scale) {
  const auto places = chancery_emulated::split(at);
  const auto lanes = chancery_emulated::split(a);
  for (int i = 0; i < 16; ++i)
    std::memcpy(static_cast<char*>(to) +
                    static_cast<std::int32_t>(places.w[i]) * scale,
                &lanes.w[i], sizeof lanes.w[i]);
}

CHANCERY_EMULATED __m512i _mm512_add_epi32(const __m512i& a, const __m512i& b) {
  const auto x = chancery_emulated::split(a), y = chancery_emulated::split(b);
  return chancery_emulated::each32([&](int i) { return x.w[i] + y.w[i]; });
}
CHANCERY_EMULATED __m512i _mm512_ror_epi32(const __m512i& a, int bits) {
  const auto x = chancery_emulated::split(a);
  return chancery_emulated::each32(
      [&](int i) { return x.w[i] >> bits | x.w[i] << (32 - bits); });
}
CHANCERY_EMULATED __m512i _mm512_srli_epi32(const __m512i& a, auto bits) {
  const auto x = chancery_emulated::split(a);
  return chancery_emulated::each32([&](int i) { return x.w[i] >> bits; });
}
CHANCERY_EMULATED __m512i _mm512_slli_epi32(const __m512i& a, auto bits) {
  const auto x = chancery_emulated::split(a);
  return chancery_emulated::each32([&](int i) { return x.w[i] << bits; });
}

/// For each bit position: bit a:b:c of the truth table.
CHANCERY_EMULATED __m512i _mm512_ternarylogic_epi32(const __m512i& a,
                                                    const __m512i& b,
                                                    const __m512i& c,
                                                    int truth) {
  const auto table = static_cast<std::uint64_t>(truth);
  __m512i r{};
  for (int row = 0; row < 8; ++row) {
    const std::uint64_t wanted = 0 - (table >> row & 1);
    const std::uint64_t not_a = row & 4 ? 0 : ~std::uint64_t{0};
    const std::uint64_t not_b = row & 2 ? 0 : ~std::uint64_t{0};
    const std::uint64_t not_c = row & 1 ? 0 : ~std::uint64_t{0};
    for (int i = 0; i < 8; ++i)
      r.w[i] |= (a.w[i] ^ not_a) & (b.w[i] ^ not_b) & (c.w[i] ^ not_c) & wanted;
  }
  return r;
}
