// SPDX-License-Identifier: Apache-2.0
#pragma once

// What any 64-bit processor offers to the algorithm: one residue at a time,
// tables that are read whole with masks, and four SHA-256 at a time in vectors
// of 128 bits, which the compiler makes of whatever the processor has.

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
  static constexpr int entries = 1 << (window_bits - 1);

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

  struct table {
    affine_point points[windows][entries];

    void set(int window, int entry, const affine_point& p) {
      points[window][entry] = p;
    }
  };

  struct scalar {
    word w[5];
  };

  CHANCERY_INLINE scalar recode(const words* from) {
    const words half = odd_half(*from);
    scalar s{{half.w[0], half.w[1], half.w[2], half.w[3], 0}};
    constexpr int top = window_bits * windows - 1;
    s.w[top / 64] |= word{1} << (top % 64);
    return s;
  }

  /// Reads all entries and keeps one.
  CHANCERY_INLINE void look_up(words& x, words& y, const table& t,
                               const scalar& s, int window) {
    using pair = word __attribute__((vector_size(16)));
    const int bit = window_bits * window, at = bit / 64, shift = bit % 64;
    word digit = s.w[at] >> shift;
    if (at < 4 && shift != 0)
      digit |= s.w[at + 1] << (64 - shift);
    const word negative = mask_of(1 ^ ((digit >> (window_bits - 1)) & 1));
    digit = (digit ^ negative) & (entries - 1);
    pair found[4] = {};
    for (word e = 0; e < entries; ++e) {
      const word same = mask_of(((e ^ digit) - 1) >> 63);
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
    y = select(negative, subtract({{0, 0, 0, 0}}, p.y), p.y);
  }

  /// The registers that a compiler uses without being asked are used again at
  /// once by whatever comes next.
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

  /// Word i, from the highest, of four numbers in a row.
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
