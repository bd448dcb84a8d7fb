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

/// 2^bits mod the modulus, at compile time.
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

/// (t + m M) / 2^64 for the m that cancels the lowest word; below 2^256, as t
/// is. Mod p, m is t[0], and m p = m 2^256 - m 2^224 + m 2^192 + m 2^96 - m
/// needs one product.
template <class Modulus>
CHANCERY_INLINE words reduce_word(const words& t) {
  const auto high = [](wide sum) { return static_cast<word>(sum >> 64); };
  constexpr auto& modulus = Modulus::modulus.w;
  const word m = t.w[0] * Modulus::inverse;
  words r;
  wide sum;
  if constexpr (Modulus::inverse == 1) {
    sum = static_cast<wide>(t.w[1]) + (m << 32);
    r.w[0] = static_cast<word>(sum);
    sum = static_cast<wide>(t.w[2]) + (m >> 32) + high(sum);
    r.w[1] = static_cast<word>(sum);
  } else {
    sum = static_cast<wide>(m) * modulus[0] + t.w[0];
    sum = static_cast<wide>(m) * modulus[1] + t.w[1] + high(sum);
    r.w[0] = static_cast<word>(sum);
    sum = static_cast<wide>(m) * modulus[2] + t.w[2] + high(sum);
    r.w[1] = static_cast<word>(sum);
  }
  sum = static_cast<wide>(m) * modulus[3] + t.w[3] + high(sum);
  r.w[2] = static_cast<word>(sum);
  r.w[3] = high(sum);
  return r;
}

/// Adds a b to t[0] to t[3] and returns the carry.
CHANCERY_INLINE word add_row(word* t, word a, const words& b) {
#ifdef __x86_64__
  word carry, high;
  asm("movq %[a], %%rax\n\t"
      "mulq %[b0]\n\t"
      "addq %%rax, %[t0]\n\t"
      "adcq $0, %%rdx\n\t"
      "movq %%rdx, %[carry]\n\t"
      "movq %[a], %%rax\n\t"
      "mulq %[b1]\n\t"
      "addq %[carry], %%rax\n\t"
      "adcq $0, %%rdx\n\t"
      "addq %%rax, %[t1]\n\t"
      "adcq $0, %%rdx\n\t"
      "movq %%rdx, %[carry]\n\t"
      "movq %[a], %%rax\n\t"
      "mulq %[b2]\n\t"
      "addq %[carry], %%rax\n\t"
      "adcq $0, %%rdx\n\t"
      "addq %%rax, %[t2]\n\t"
      "adcq $0, %%rdx\n\t"
      "movq %%rdx, %[carry]\n\t"
      "movq %[a], %%rax\n\t"
      "mulq %[b3]\n\t"
      "addq %[carry], %%rax\n\t"
      "adcq $0, %%rdx\n\t"
      "addq %%rax, %[t3]\n\t"
      "adcq $0, %%rdx"
      : [t0] "+&r"(t[0]), [t1] "+&r"(t[1]), [t2] "+&r"(t[2]), [t3] "+&r"(t[3]),
        [carry] "=&r"(carry), "=&d"(high)
      : [a] "r"(a), [b0] "m"(b.w[0]), [b1] "m"(b.w[1]), [b2] "m"(b.w[2]),
        [b3] "m"(b.w[3])
      : "rax", "cc");
  return high;
#else
  word carry = 0;
  for (int j = 0; j < 4; ++j) {
    const wide sum = static_cast<wide>(a) * b.w[j] + t[j] + carry;
    t[j] = static_cast<word>(sum);
    carry = static_cast<word>(sum >> 64);
  }
  return carry;
#endif
}

/// a b / 2^256 mod the modulus, for b below it and any a.
template <class Modulus>
CHANCERY_INLINE words multiply(const words& a, const words& b) {
  word t[8] = {0, 0, 0, 0, 0, 0, 0, 0};
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i)
    t[i + 4] = add_row(t + i, a.w[i], b);
  words low{{t[0], t[1], t[2], t[3]}};
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i)
    low = reduce_word<Modulus>(low);
  words sum, less;
  const word carry = add(sum, low, {{t[4], t[5], t[6], t[7]}});
  const word borrow = subtract(less, sum, Modulus::modulus);
  return select(mask_of(borrow & (carry ^ 1)), sum, less);
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
