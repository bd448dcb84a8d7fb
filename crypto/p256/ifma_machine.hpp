// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rest of the AVX-512 machine: table look-ups in registers, and sixteen
// SHA-256 at a time. For kernel_ifma.cpp only.
//
// A look-up loads every entry of its window in a fixed order and selects one
// with permutations of registers (VPERMI2Q), whose time does not depend on the
// index.

#include "crypto/p256/ifma_field.hpp"
#include "crypto/p256/kernel.hpp"
#include "crypto/p256/recoding.hpp"
#include "crypto/p256/wiping.hpp"

namespace chancery::crypto::p256 {

namespace {

struct ifma : ifma_field {
  static constexpr int groups_max = 16;
  static constexpr int window_bits = 7;
  static constexpr int windows = (256 + window_bits - 1) / window_bits;

  static constexpr int key_window_bits = 5;
  static constexpr int key_windows =
      (256 + key_window_bits - 1) / key_window_bits;
  static constexpr int agreeing_groups_max = 8;

  /// From R = 2^256 to R = 2^260.
  CHANCERY_INLINE words to_machine(const words& a) {
    words b = a;
    for (int i = 0; i < 4; ++i)
      b = add_mod<field_p>(b, b);
    return b;
  }

  /// Stored limb by limb, so that one limb of eight entries fills a register.
  template <int Bits, int Windows>
  struct table_of {
    static constexpr int bits = Bits;
    static constexpr int entries = 1 << (Bits - 1);

    alignas(64) word limbs[Windows][10][entries];

    void set(int window, int entry, const affine_point& p) {
      const auto put = [&](const words& a, int first) {
        const auto l = to_limbs(to_machine(a));
        for (int i = 0; i < 5; ++i)
          limbs[window][first + i][entry] = l.v[i];
      };
      put(p.x, 0);
      put(p.y, 5);
    }
  };

  /// For public indexes: a point in a line of the processor's cache, as the
  /// tables of many keys do not fit into it.
  struct verifying_table {
    static constexpr int entries = 1 << (key_window_bits - 1);

    struct alignas(64) row {
      word x[4], y[4]; ///< in Montgomery form with R = 2^260
    };
    row rows[key_windows][entries];

    void set(int window, int entry, const affine_point& p) {
      auto& to = rows[window][entry];
      const words x = to_machine(p.x), y = to_machine(p.y);
      for (int i = 0; i < 4; ++i) {
        to.x[i] = x.w[i];
        to.y[i] = y.w[i];
      }
    }
  };

  using table = table_of<window_bits, windows>;
  using key_table = table_of<key_window_bits, key_windows>;

  /// Bits 1 to 255 of odd numbers, and the top bit that the windows need.
  /// `negated` marks the lanes that hold n - k instead of k.
  struct scalar {
    lanes w[5];
    __mmask8 negated;
  };

  template <int Bits, int Windows>
  CHANCERY_INLINE scalar recode(const words* from) {
    words half[lane_count];
    for (int i = 0; i < lane_count; ++i)
      half[i] = odd_half(from[i]);
    constexpr int top = Bits * Windows - 1;
    const lanes at = _mm512_set_epi64(28, 24, 20, 16, 12, 8, 4, 0);
    scalar s;
    for (int i = 0; i < 4; ++i)
      s.w[i] = _mm512_i64gather_epi64(at, &half[0].w[i], 8);
    s.w[4] = _mm512_setzero_si512();
    s.w[top / 64] = _mm512_or_si512(s.w[top / 64], all(word{1} << (top % 64)));
    s.negated = _mm512_testn_epi64_mask(
        _mm512_i64gather_epi64(at, &from->w[0], 8), all(1));
    wipe_value(half);
    return s;
  }

  /// The word at `index` in each lane, of `Count` consecutive words.
  template <int Count>
  CHANCERY_INLINE lanes choose(const word* row, lanes index) {
    if constexpr (Count == 16) {
      return _mm512_permutex2var_epi64(_mm512_load_si512(row), index,
                                       _mm512_load_si512(row + 8));
    } else {
      constexpr int half = Count / 2;
      const __mmask8 upper = _mm512_test_epi64_mask(index, all(half));
      return _mm512_mask_mov_epi64(choose<half>(row, index), upper,
                                   choose<half>(row + half, index));
    }
  }

  /// The index of a window's entry, and whether to negate the entry.
  template <int Bits>
  CHANCERY_INLINE lanes digit(const scalar& s, int window, __mmask8& negative) {
    const int bit = Bits * window, at = bit / 64;
    const auto shift = static_cast<unsigned>(bit % 64);
    lanes d = _mm512_srli_epi64(s.w[at], shift);
    if (at < 4) // a shift by 64 gives zero
      d = _mm512_or_si512(d, _mm512_slli_epi64(s.w[at + 1], 64 - shift));
    constexpr word top = word{1} << (Bits - 1);
    negative = _mm512_testn_epi64_mask(d, all(top));
    d = _mm512_mask_xor_epi64(d, negative, d, all(top - 1));
    return _mm512_and_si512(d, all(top - 1));
  }

  /// Negates limb by limb; the limbs become negative.
  CHANCERY_INLINE void negate(element& a, __mmask8 where) {
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i)
      a.v[i] =
          _mm512_mask_sub_epi64(a.v[i], where, _mm512_setzero_si512(), a.v[i]);
  }

  template <class Table>
  CHANCERY_INLINE void look_up(element& x, element& y, const Table& t,
                               const scalar& s, int window) {
    __mmask8 negative;
    const lanes entry = digit<Table::bits>(s, window, negative);
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i) {
      x.v[i] = choose<Table::entries>(t.limbs[window][i], entry);
      y.v[i] = choose<Table::entries>(t.limbs[window][5 + i], entry);
    }
    negate(y, negative);
  }

  /// look_up() for public scalars, which also applies `negated`.
  CHANCERY_INLINE void look_up_signed(element& x, element& y, const table& t,
                                      const scalar& s, int window) {
    look_up(x, y, t, s, window);
    negate(y, s.negated);
  }

  /// look_up_signed() with a table for each lane.
  CHANCERY_INLINE void look_up_each(element& x, element& y,
                                    const void* const* tables, const scalar& s,
                                    int window) {
    __mmask8 negative;
    alignas(64) word entry[lane_count];
    _mm512_store_si512(entry, digit<key_window_bits>(s, window, negative));
    lanes w[lane_count];
#pragma GCC unroll 8
    for (int l = 0; l < lane_count; ++l)
      w[l] = _mm512_load_si512(&static_cast<const verifying_table*>(tables[l])
                                    ->rows[window][entry[l]]);
    transpose(w);
    x = limbs_of(w[0], w[1], w[2], w[3]);
    y = limbs_of(w[4], w[5], w[6], w[7]);
    negate(y, static_cast<__mmask8>(negative ^ s.negated));
  }

  /// Eight rows of eight words become eight columns.
  CHANCERY_INLINE void transpose(lanes (&w)[8]) {
    lanes pairs[8], fours[8];
#pragma GCC unroll 4
    for (int i = 0; i < 8; i += 2) {
      pairs[i] = _mm512_unpacklo_epi64(w[i], w[i + 1]);
      pairs[i + 1] = _mm512_unpackhi_epi64(w[i], w[i + 1]);
    }
    // pairs[i] holds words 0, 2, 4, 6 of two rows, pairs[i + 1] the others.
#pragma GCC unroll 2
    for (int odd = 0; odd < 2; ++odd) {
      fours[odd] = _mm512_shuffle_i64x2(pairs[odd], pairs[2 + odd], 0x88);
      fours[2 + odd] = _mm512_shuffle_i64x2(pairs[odd], pairs[2 + odd], 0xdd);
      fours[4 + odd] =
          _mm512_shuffle_i64x2(pairs[4 + odd], pairs[6 + odd], 0x88);
      fours[6 + odd] =
          _mm512_shuffle_i64x2(pairs[4 + odd], pairs[6 + odd], 0xdd);
    }
    // fours[0]: words 0 and 4 of four rows; fours[2]: words 2 and 6.
#pragma GCC unroll 2
    for (int odd = 0; odd < 2; ++odd) {
      w[odd] = _mm512_shuffle_i64x2(fours[odd], fours[4 + odd], 0x88);
      w[4 + odd] = _mm512_shuffle_i64x2(fours[odd], fours[4 + odd], 0xdd);
      w[2 + odd] = _mm512_shuffle_i64x2(fours[2 + odd], fours[6 + odd], 0x88);
      w[6 + odd] = _mm512_shuffle_i64x2(fours[2 + odd], fours[6 + odd], 0xdd);
    }
  }

  CHANCERY_INLINE void wipe_registers() {
    asm volatile("vzeroall\n\t"
                 "vpxorq %%zmm16, %%zmm16, %%zmm16\n\t"
                 "vpxorq %%zmm17, %%zmm17, %%zmm17\n\t"
                 "vpxorq %%zmm18, %%zmm18, %%zmm18\n\t"
                 "vpxorq %%zmm19, %%zmm19, %%zmm19\n\t"
                 "vpxorq %%zmm20, %%zmm20, %%zmm20\n\t"
                 "vpxorq %%zmm21, %%zmm21, %%zmm21\n\t"
                 "vpxorq %%zmm22, %%zmm22, %%zmm22\n\t"
                 "vpxorq %%zmm23, %%zmm23, %%zmm23\n\t"
                 "vpxorq %%zmm24, %%zmm24, %%zmm24\n\t"
                 "vpxorq %%zmm25, %%zmm25, %%zmm25\n\t"
                 "vpxorq %%zmm26, %%zmm26, %%zmm26\n\t"
                 "vpxorq %%zmm27, %%zmm27, %%zmm27\n\t"
                 "vpxorq %%zmm28, %%zmm28, %%zmm28\n\t"
                 "vpxorq %%zmm29, %%zmm29, %%zmm29\n\t"
                 "vpxorq %%zmm30, %%zmm30, %%zmm30\n\t"
                 "vpxorq %%zmm31, %%zmm31, %%zmm31"
                 :
                 :
                 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",
                   "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13",
                   "xmm14", "xmm15", "xmm16", "xmm17", "xmm18", "xmm19",
                   "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25",
                   "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31");
  }

  static constexpr int word_lanes = 16;
  using word32 = __m512i;

  CHANCERY_INLINE word32 constant(std::uint32_t w) {
    return _mm512_set1_epi32(static_cast<int>(w));
  }

  /// first, first + 1, ...
  CHANCERY_INLINE word32 counted(std::uint32_t first) {
    return _mm512_add_epi32(
        constant(first),
        _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
  }

  CHANCERY_INLINE word32 add(word32 a, word32 b) {
    return _mm512_add_epi32(a, b);
  }
  using ifma_field::add;

  template <int Bits>
  CHANCERY_INLINE word32 rotate(word32 a) {
    return _mm512_ror_epi32(a, Bits);
  }
  template <int Bits>
  CHANCERY_INLINE word32 shift(word32 a) {
    return _mm512_srli_epi32(a, Bits);
  }
  template <int Bits>
  CHANCERY_INLINE word32 shift_left(word32 a) {
    return _mm512_slli_epi32(a, Bits);
  }

  // The last argument is the truth table.
  CHANCERY_INLINE word32 exclusive_or(word32 a, word32 b, word32 c) {
    return _mm512_ternarylogic_epi32(a, b, c, 0x96);
  }
  CHANCERY_INLINE word32 choose(word32 a, word32 b, word32 c) {
    return _mm512_ternarylogic_epi32(a, b, c, 0xca);
  }
  CHANCERY_INLINE word32 majority(word32 a, word32 b, word32 c) {
    return _mm512_ternarylogic_epi32(a, b, c, 0xe8);
  }

  /// Word i, counted from the highest, of sixteen consecutive numbers.
  CHANCERY_INLINE word32 load_word(const words* from, int i) {
    return _mm512_i32gather_epi32(places(i), from, 4);
  }
  CHANCERY_INLINE void store_word(word32 w, words* to, int i) {
    _mm512_i32scatter_epi32(to, places(i), w, 4);
  }
  CHANCERY_INLINE word32 places(int i) {
    return _mm512_add_epi32(_mm512_set1_epi32(7 - i),
                            _mm512_set_epi32(120, 112, 104, 96, 88, 80, 72, 64,
                                             56, 48, 40, 32, 24, 16, 8, 0));
  }
};

} // namespace

} // namespace chancery::crypto::p256
