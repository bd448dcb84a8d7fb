// SPDX-License-Identifier: Apache-2.0
#pragma once

// The machine for any 64-bit processor: one residue at a time, look-ups that
// read a whole window with masks, and four SHA-256 at a time in vectors of 128
// bits, which the compiler maps to the processor's instructions.

#include "crypto/p256/kernel.hpp"
#include "crypto/p256/portable_field.hpp"
#include "crypto/p256/recoding.hpp"

namespace chancery::crypto::p256 {

struct portable {
  static constexpr int lane_count = 1;
  static constexpr int montgomery_bits = 256;
  static constexpr int groups_max = 128;
  static constexpr int window_bits = 5;
  static constexpr int windows = (256 + window_bits - 1) / window_bits;
  static constexpr int key_window_bits = 5;
  static constexpr int key_windows = windows;
  static constexpr int agreeing_groups_max = 64;

  using element = words;

  template <class Modulus>
  CHANCERY_INLINE words multiply(const words& a, const words& b) {
    return p256::multiply<Modulus>(a, b);
  }
  CHANCERY_INLINE words subtract(const words& a, const words& b) {
    return subtract_mod<field_p>(a, b);
  }
  template <class Modulus>
  CHANCERY_INLINE words add(const words& a, const words& b) {
    return add_mod<Modulus>(a, b);
  }
  CHANCERY_INLINE words square(const words& a) {
    return p256::multiply<field_p>(a, a);
  }
  template <int Factor>
  CHANCERY_INLINE words times(const words& a) {
    if constexpr (Factor == 1) {
      return a;
    } else if constexpr (Factor % 2 == 1) {
      return add<field_p>(times<Factor - 1>(a), a);
    } else {
      const words half = times<Factor / 2>(a);
      return add<field_p>(half, half);
    }
  }
  template <int Factor>
  CHANCERY_INLINE words multiply_times(const words& a, const words& b) {
    return times<Factor>(p256::multiply<field_p>(a, b));
  }
  CHANCERY_INLINE words difference(const words& a, const words& b,
                                   const words& c, const words& d) {
    return subtract(p256::multiply<field_p>(a, b),
                    p256::multiply<field_p>(c, d));
  }
  CHANCERY_INLINE words minus_eight_squares(const words& a, const words& b,
                                            const words& c) {
    return subtract(p256::multiply<field_p>(a, b), multiply_times<8>(c, c));
  }
  CHANCERY_INLINE words chosen(word mask, const words& yes, const words& no) {
    return select(mask, yes, no);
  }
  CHANCERY_INLINE words square_minus(const words& a, const words& b,
                                     const words& c) {
    return subtract(subtract(p256::multiply<field_p>(a, a), b), c);
  }
  CHANCERY_INLINE words multiply_minus(const words& a, const words& b,
                                       const words& c) {
    return subtract(p256::multiply<field_p>(a, b), c);
  }
  CHANCERY_INLINE words broadcast(const words& a) { return a; }
  CHANCERY_INLINE words load(const words* from) { return *from; }
  template <class Modulus>
  CHANCERY_INLINE void store(const words& a, words* to) {
    *to = a;
  }

  template <int Bits, int Windows>
  struct table_of {
    static constexpr int bits = Bits;
    static constexpr int entries = 1 << (Bits - 1);

    affine_point points[Windows][entries];

    void set(int window, int entry, const affine_point& p) {
      points[window][entry] = p;
    }
  };

  using table = table_of<window_bits, windows>;
  using key_table = table_of<key_window_bits, key_windows>;
  using verifying_table = key_table;

  /// Bits 1 to 255 of an odd number, and the top bit that the windows need.
  /// `negated` is a mask: whether it is n - k instead of k.
  struct scalar {
    word w[5];
    word negated;
  };

  template <int Bits, int Windows>
  CHANCERY_INLINE scalar recode(const words* from) {
    const words half = odd_half(*from);
    scalar s{{half.w[0], half.w[1], half.w[2], half.w[3], 0},
             mask_of((from->w[0] & 1) ^ 1)};
    constexpr int top = Bits * Windows - 1;
    s.w[top / 64] |= word{1} << (top % 64);
    return s;
  }

  /// The index of a window's entry, and a mask: whether to negate the entry.
  template <int Bits>
  CHANCERY_INLINE word digit(const scalar& s, int window, word& negative) {
    const int bit = Bits * window, at = bit / 64, shift = bit % 64;
    word d = s.w[at] >> shift;
    if (at < 4 && shift != 0)
      d |= s.w[at + 1] << (64 - shift);
    negative = mask_of(1 ^ ((d >> (Bits - 1)) & 1));
    return (d ^ negative) & ((word{1} << (Bits - 1)) - 1);
  }

  CHANCERY_INLINE void negate(words& a, word where) {
    a = select(where, subtract({{0, 0, 0, 0}}, a), a);
  }

  /// Reads all entries of the window and keeps one.
  template <class Table>
  CHANCERY_INLINE void look_up(words& x, words& y, const Table& t,
                               const scalar& s, int window) {
    using pair = word __attribute__((vector_size(16)));
    word negative;
    const word at = digit<Table::bits>(s, window, negative);
    pair found[4] = {};
    for (word e = 0; e < Table::entries; ++e) {
      const word same = mask_of(((e ^ at) - 1) >> 63);
      const pair mask = {same, same};
      pair entry[4];
      __builtin_memcpy(entry, &t.points[window][e], sizeof entry);
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i)
        found[i] |= entry[i] & mask;
    }
    affine_point p;
    __builtin_memcpy(&p, found, sizeof p);
    x = p.x;
    y = p.y;
    negate(y, negative);
  }

  /// look_up() for public scalars, not constant-time, which also applies
  /// `negated`.
  CHANCERY_INLINE void look_up_signed(words& x, words& y, const table& t,
                                      const scalar& s, int window) {
    word negative;
    const auto& p = t.points[window][digit<window_bits>(s, window, negative)];
    x = p.x;
    y = p.y;
    negate(y, negative ^ s.negated);
  }

  /// look_up_signed() with the table of a key.
  CHANCERY_INLINE void look_up_each(words& x, words& y,
                                    const void* const* tables, const scalar& s,
                                    int window) {
    word negative;
    const auto& t = *static_cast<const key_table*>(tables[0]);
    const auto& p =
        t.points[window][digit<key_window_bits>(s, window, negative)];
    x = p.x;
    y = p.y;
    negate(y, negative ^ s.negated);
  }

  /// Does nothing: the code that follows soon overwrites the registers that
  /// every build uses.
  CHANCERY_INLINE void wipe_registers() {}

  static constexpr int word_lanes = 4;
  using word32 = std::uint32_t __attribute__((vector_size(16)));

  CHANCERY_INLINE word32 constant(std::uint32_t w) {
    return word32{w, w, w, w};
  }
  CHANCERY_INLINE word32 counted(std::uint32_t first) {
    return constant(first) + word32{0, 1, 2, 3};
  }
  CHANCERY_INLINE word32 add(word32 a, word32 b) { return a + b; }
  template <int Bits>
  CHANCERY_INLINE word32 rotate(word32 a) {
    return a >> Bits | a << (32 - Bits);
  }
  template <int Bits>
  CHANCERY_INLINE word32 shift(word32 a) {
    return a >> Bits;
  }
  template <int Bits>
  CHANCERY_INLINE word32 shift_left(word32 a) {
    return a << Bits;
  }
  CHANCERY_INLINE word32 exclusive_or(word32 a, word32 b, word32 c) {
    return a ^ b ^ c;
  }
  CHANCERY_INLINE word32 choose(word32 a, word32 b, word32 c) {
    return c ^ (a & (b ^ c));
  }
  CHANCERY_INLINE word32 majority(word32 a, word32 b, word32 c) {
    return (a & b) | (c & (a | b));
  }

  /// Word i, counted from the highest, of four consecutive numbers.
  CHANCERY_INLINE word32 load_word(const words* from, int i) {
    const auto part = [&](int lane) {
      return static_cast<std::uint32_t>(from[lane].w[(7 - i) / 2] >>
                                        (i % 2 == 0 ? 32 : 0));
    };
    return word32{part(0), part(1), part(2), part(3)};
  }
  CHANCERY_INLINE void store_word(word32 w, words* to, int i) {
    for (int lane = 0; lane < 4; ++lane) {
      auto& whole = to[lane].w[(7 - i) / 2];
      whole = i % 2 == 0 ? static_cast<word>(w[lane]) << 32 : whole | w[lane];
    }
  }
};

} // namespace chancery::crypto::p256
