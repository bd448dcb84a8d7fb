// SPDX-License-Identifier: Apache-2.0
#pragma once

// Arithmetic mod p and mod n on any 64-bit processor: one residue at a time,
// in Montgomery form with R = 2^256, always below the modulus. Montgomery's
// product a b / R is as in "Modular multiplication without trial division"
// (1985). No branch and no address depends on a value.

#include "crypto/p256/inversion.hpp"
#include "crypto/p256/words.hpp"

namespace chancery::crypto::p256 {

struct field_p {
  static constexpr words modulus = field_prime;
  /// -1 / modulus mod 2^64.
  static constexpr word inverse = 1;
};

struct order_n {
  static constexpr words modulus = group_order;
  static constexpr word inverse = 0xccd1c8aaee00bc4f;
};

/// 2^bits mod the modulus, while compiling.
template <class Modulus>
consteval words power_of_two(int bits) {
  words r{{1, 0, 0, 0}};
  for (int i = 0; i < bits; ++i) {
    words twice{}, less{};
    word carry = 0;
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) {
      twice.w[j] = r.w[j] << 1 | carry;
      carry = r.w[j] >> 63;
    }
    word borrow = 0;
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) {
      const wide d =
          static_cast<wide>(twice.w[j]) - Modulus::modulus.w[j] - borrow;
      less.w[j] = static_cast<word>(d);
      borrow = static_cast<word>(d >> 64) & 1;
    }
    r = carry == 1 || borrow == 0 ? less : twice;
  }
  return r;
}

/// One step of Montgomery's reduction: t becomes (t + m M) / 2^64 for the m
/// that makes the lowest word vanish, with the carry in t[4]. Mod p that m is
/// t[0], and m p = m 2^256 - m 2^224 + m 2^192 + m 2^96 - m needs one product.
template <class Modulus>
CHANCERY_INLINE void reduce_word(word (&t)[5]) {
  const auto high = [](wide sum) { return static_cast<word>(sum >> 64); };
  constexpr auto& modulus = Modulus::modulus.w;
  const word m = t[0] * Modulus::inverse;
  wide sum;
  if constexpr (Modulus::inverse == 1) {
    sum = static_cast<wide>(t[1]) + (m << 32);
    t[0] = static_cast<word>(sum);
    sum = static_cast<wide>(t[2]) + (m >> 32) + high(sum);
    t[1] = static_cast<word>(sum);
  } else {
    sum = static_cast<wide>(m) * modulus[0] + t[0];
    sum = static_cast<wide>(m) * modulus[1] + t[1] + high(sum);
    t[0] = static_cast<word>(sum);
    sum = static_cast<wide>(m) * modulus[2] + t[2] + high(sum);
    t[1] = static_cast<word>(sum);
  }
  sum = static_cast<wide>(m) * modulus[3] + t[3] + high(sum);
  t[2] = static_cast<word>(sum);
  sum = static_cast<wide>(t[4]) + high(sum);
  t[3] = static_cast<word>(sum);
  t[4] = high(sum);
}

/// a b / 2^256 mod the modulus, for b below it and any a.
template <class Modulus>
CHANCERY_INLINE words multiply(const words& a, const words& b) {
  word t[5] = {0, 0, 0, 0, 0};
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    word carry = 0;
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) {
      const wide sum = static_cast<wide>(a.w[i]) * b.w[j] + t[j] + carry;
      t[j] = static_cast<word>(sum);
      carry = static_cast<word>(sum >> 64);
    }
    const wide top = static_cast<wide>(t[4]) + carry;
    t[4] = static_cast<word>(top);
    // The carry above 2^320 belongs to the word that the reduction makes.
    const word above = static_cast<word>(top >> 64);
    reduce_word<Modulus>(t);
    t[4] += above;
  }
  const words low{{t[0], t[1], t[2], t[3]}};
  words less;
  const word borrow = subtract(less, low, Modulus::modulus);
  return select(mask_of(borrow & (t[4] ^ 1)), low, less);
}

template <class Modulus>
CHANCERY_INLINE words add_mod(const words& a, const words& b) {
  words sum, less;
  const word carry = add(sum, a, b);
  const word borrow = subtract(less, sum, Modulus::modulus);
  return select(mask_of(borrow & (carry ^ 1)), sum, less);
}

template <class Modulus>
CHANCERY_INLINE words subtract_mod(const words& a, const words& b) {
  words difference, more;
  const word mask = mask_of(subtract(difference, a, b));
  add(more, difference, Modulus::modulus);
  return select(mask, more, difference);
}

} // namespace chancery::crypto::p256
