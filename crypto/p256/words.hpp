// SPDX-License-Identifier: Apache-2.0
#pragma once

// Integers of 256 bits as four 64-bit words, the lowest first, and the
// constants of the curve P-256 (SEC 2, 2.4.2; FIPS 186-4, D.1.2.3). No branch
// and no address depends on a value. Everything is always inlined, because the
// linker must never use a copy from a file compiled for newer processors in the
// rest of the program.

#include <cstddef>
#include <cstdint>

#define CHANCERY_INLINE [[gnu::always_inline]] static inline

namespace chancery::crypto::p256 {

using word = std::uint64_t;
using wide = unsigned __int128;

struct words {
  word w[4];
};

/// The prime of the field, 2^256 - 2^224 + 2^192 + 2^96 - 1.
inline constexpr words field_prime{{0xffffffffffffffff, 0x00000000ffffffff,
                                    0x0000000000000000, 0xffffffff00000001}};

/// The order of the base point, also a prime.
inline constexpr words group_order{{0xf3b9cac2fc632551, 0xbce6faada7179e84,
                                    0xffffffffffffffff, 0xffffffff00000000}};

/// The curve is y^2 = x^3 - 3x + b.
inline constexpr words curve_b{{0x3bce3c3e27d2604b, 0x651d06b0cc53b0f6,
                                0xb3ebbd55769886bc, 0x5ac635d8aa3a93e7}};

inline constexpr words base_x{{0xf4a13945d898c296, 0x77037d812deb33a0,
                               0xf8bce6e563a440f2, 0x6b17d1f2e12c4247}};
inline constexpr words base_y{{0xcbb6406837bf51f5, 0x2bce33576b315ece,
                               0x8ee7eb4a7c0f9e16, 0x4fe342e2fe1a7f9b}};

/// All ones when `bit` is 1, else zero. The asm hides from the compiler that
/// there are only two values, so that it makes no branch of the code after it.
CHANCERY_INLINE word mask_of(word bit) {
  word mask = 0 - bit;
  asm("" : "+r"(mask));
  return mask;
}

/// a where the mask is all ones, b where it is zero.
CHANCERY_INLINE words select(word mask, const words& a, const words& b) {
  words r;
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i)
    r.w[i] = (a.w[i] & mask) | (b.w[i] & ~mask);
  return r;
}

/// Sets r to a + b and returns the carry (0 or 1). In assembly, because
/// compilers emit three times the instructions that the carries need.
CHANCERY_INLINE word add(words& r, const words& a, const words& b) {
#ifdef __x86_64__
  words sum = a;
  word carry = 0;
  asm("addq %[b0], %[s0]\n\t"
      "adcq %[b1], %[s1]\n\t"
      "adcq %[b2], %[s2]\n\t"
      "adcq %[b3], %[s3]\n\t"
      "adcq $0, %[carry]"
      : [s0] "+&r"(sum.w[0]), [s1] "+&r"(sum.w[1]), [s2] "+&r"(sum.w[2]),
        [s3] "+&r"(sum.w[3]), [carry] "+&r"(carry)
      :
      [b0] "rm"(b.w[0]), [b1] "rm"(b.w[1]), [b2] "rm"(b.w[2]), [b3] "rm"(b.w[3])
      : "cc");
  r = sum;
  return carry;
#else
  word carry = 0;
  for (int i = 0; i < 4; ++i) {
    const wide sum = static_cast<wide>(a.w[i]) + b.w[i] + carry;
    r.w[i] = static_cast<word>(sum);
    carry = static_cast<word>(sum >> 64);
  }
  return carry;
#endif
}

/// Sets r to a - b and returns the borrow (0 or 1).
CHANCERY_INLINE word subtract(words& r, const words& a, const words& b) {
#ifdef __x86_64__
  words difference = a;
  word borrow = 0;
  asm("subq %[b0], %[d0]\n\t"
      "sbbq %[b1], %[d1]\n\t"
      "sbbq %[b2], %[d2]\n\t"
      "sbbq %[b3], %[d3]\n\t"
      "adcq $0, %[borrow]"
      : [d0] "+&r"(difference.w[0]), [d1] "+&r"(difference.w[1]),
        [d2] "+&r"(difference.w[2]), [d3] "+&r"(difference.w[3]),
        [borrow] "+&r"(borrow)
      :
      [b0] "rm"(b.w[0]), [b1] "rm"(b.w[1]), [b2] "rm"(b.w[2]), [b3] "rm"(b.w[3])
      : "cc");
  r = difference;
  return borrow;
#else
  word borrow = 0;
  for (int i = 0; i < 4; ++i) {
    const wide difference = static_cast<wide>(a.w[i]) - b.w[i] - borrow;
    r.w[i] = static_cast<word>(difference);
    borrow = static_cast<word>(difference >> 64) & 1;
  }
  return borrow;
#endif
}

/// 1 when a is zero, else 0.
CHANCERY_INLINE word is_zero(const words& a) {
  const word any = a.w[0] | a.w[1] | a.w[2] | a.w[3];
  return 1 ^ ((any | (0 - any)) >> 63);
}

/// a mod m, for a < 2m.
CHANCERY_INLINE words reduce_once(const words& a, const words& m) {
  words less;
  return select(mask_of(subtract(less, a, m)), a, less);
}

/// From and to 32 bytes, big endian.
CHANCERY_INLINE words from_bytes(const unsigned char* bytes) {
  words r;
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    word w;
    __builtin_memcpy(&w, bytes + 8 * (3 - i), 8);
    r.w[i] =
        __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap64(w) : w;
  }
  return r;
}

CHANCERY_INLINE void to_bytes(const words& a, unsigned char* bytes) {
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const word w = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
                       ? __builtin_bswap64(a.w[i])
                       : a.w[i];
    __builtin_memcpy(bytes + 8 * (3 - i), &w, 8);
  }
}

} // namespace chancery::crypto::p256
