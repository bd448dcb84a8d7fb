// SPDX-License-Identifier: Apache-2.0
#pragma once

// Arithmetic on eight residues mod p or mod n at a time, in the lanes of
// AVX-512 registers, for kernel_ifma.cpp only, which is compiled for such
// processors. A residue is five limbs of 52 bits: VPMADD52LUQ and VPMADD52HUQ
// multiply such limbs and add the lower or the upper half of the product.
// R = 2^260.
//
// A residue has limbs below 2^52 and is below 2m, where m is the modulus. A
// *difference* is below 4m and is only used as a factor; comments name these.
// multiply() gives (a b + k m) / R with k < R, which is below 2m for a, b < 4m,
// as 16 m < R. No branch and no address depends on a value.

#include "crypto/p256/portable_field.hpp"

#include <immintrin.h>

namespace chancery::crypto::p256 {

namespace {

using lanes = __m512i;

struct element {
  lanes v[5];
};

constexpr int limb_bits = 52;
constexpr word limb_mask = (word{1} << limb_bits) - 1;

CHANCERY_INLINE lanes all(word w) {
  return _mm512_set1_epi64(static_cast<long long>(w));
}

struct limbs {
  word v[5];
};

CHANCERY_INLINE constexpr limbs to_limbs(const words& a) {
  const auto piece = [&](int i, int right, int left) {
    return (a.w[i] >> right | a.w[i + 1] << left) & limb_mask;
  };
  return {{a.w[0] & limb_mask, piece(0, 52, 12), piece(1, 40, 24),
           piece(2, 28, 36), a.w[3] >> 16}};
}

template <class Modulus>
constexpr limbs modulus_limbs = to_limbs(Modulus::modulus);

/// -1 / M mod 2^52.
template <class Modulus>
constexpr word limb_inverse = Modulus::inverse& limb_mask;

/// Carries signed limbs into limbs of 52 bits; the top limb keeps the sign of
/// the number.
CHANCERY_INLINE void carry(lanes (&r)[5]) {
  const lanes mask = all(limb_mask);
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    r[i + 1] = _mm512_add_epi64(r[i + 1], _mm512_srai_epi64(r[i], limb_bits));
    r[i] = _mm512_and_si512(r[i], mask);
  }
}

/// carry() with the multiples of 2^256 folded in mod p: the result is below
/// 2^256 + 2^230. The limbs are below 2^60 in size, the number is in [0, 64p).
/// 2^256 = 2^224 - 2^192 - 2^96 + 1 (mod p).
CHANCERY_INLINE element fold(lanes (&r)[5]) {
  // The carry into the top limb is above -2^9. Where it could make what h
  // leaves negative, h is one less; h = -1 adds p.
  constexpr word margin = word{1} << 12;
  const lanes h = _mm512_srai_epi64(_mm512_sub_epi64(r[4], all(margin)), 48);
  r[0] = _mm512_add_epi64(r[0], h);
  r[1] = _mm512_sub_epi64(r[1], _mm512_slli_epi64(h, 44));
  r[3] = _mm512_sub_epi64(r[3], _mm512_slli_epi64(h, 36));
  r[4] = _mm512_sub_epi64(r[4], _mm512_slli_epi64(h, 48));
  r[4] = _mm512_add_epi64(r[4], _mm512_slli_epi64(h, 16));
  carry(r);
  return {{r[0], r[1], r[2], r[3], r[4]}};
}

/// t / R mod M for the ten limbs of a product: limbs of up to 57 bits, below
/// 2M. Each step adds the multiple k M that cancels the lowest limb.
template <class Modulus>
CHANCERY_INLINE void reduce(lanes (&t)[10]) {
  constexpr auto& m = modulus_limbs<Modulus>.v;
#pragma GCC unroll 5
  for (int i = 0; i < 5; ++i) {
    if constexpr (Modulus::inverse == 1) {
      // k = t[i], and the two lowest limbs of p are those of 2^96 - 1.
      const lanes k = t[i];
      const lanes p1 = all(word{1} << 44), p3 = all(m[3]), p4 = all(m[4]);
      t[i + 1] = _mm512_add_epi64(t[i + 1], _mm512_srai_epi64(t[i], limb_bits));
      t[i + 1] = _mm512_madd52lo_epu64(t[i + 1], k, p1);
      t[i + 2] = _mm512_madd52hi_epu64(t[i + 2], k, p1);
      t[i + 3] = _mm512_madd52lo_epu64(t[i + 3], k, p3);
      t[i + 4] = _mm512_madd52hi_epu64(t[i + 4], k, p3);
      t[i + 4] = _mm512_madd52lo_epu64(t[i + 4], k, p4);
      t[i + 5] = _mm512_madd52hi_epu64(t[i + 5], k, p4);
    } else {
      const lanes zero = _mm512_setzero_si512();
      const lanes k =
          _mm512_madd52lo_epu64(zero, t[i], all(limb_inverse<Modulus>));
#pragma GCC unroll 5
      for (int j = 0; j < 5; ++j) {
        t[i + j] = _mm512_madd52lo_epu64(t[i + j], k, all(m[j]));
        t[i + j + 1] = _mm512_madd52hi_epu64(t[i + j + 1], k, all(m[j]));
      }
      t[i + 1] = _mm512_add_epi64(t[i + 1], _mm512_srli_epi64(t[i], limb_bits));
    }
  }
}

CHANCERY_INLINE void product(lanes (&t)[10], const element& a,
                             const element& b) {
#pragma GCC unroll 10
  for (int i = 0; i < 10; ++i)
    t[i] = _mm512_setzero_si512();
#pragma GCC unroll 5
  for (int i = 0; i < 5; ++i)
#pragma GCC unroll 5
    for (int j = 0; j < 5; ++j) {
      t[i + j] = _mm512_madd52lo_epu64(t[i + j], a.v[i], b.v[j]);
      t[i + j + 1] = _mm512_madd52hi_epu64(t[i + j + 1], a.v[i], b.v[j]);
    }
}

/// Products of different limbs are computed once and doubled.
CHANCERY_INLINE void square(lanes (&t)[10], const element& a) {
#pragma GCC unroll 10
  for (int i = 0; i < 10; ++i)
    t[i] = _mm512_setzero_si512();
#pragma GCC unroll 5
  for (int i = 0; i < 5; ++i)
#pragma GCC unroll 5
    for (int j = i + 1; j < 5; ++j) {
      t[i + j] = _mm512_madd52lo_epu64(t[i + j], a.v[i], a.v[j]);
      t[i + j + 1] = _mm512_madd52hi_epu64(t[i + j + 1], a.v[i], a.v[j]);
    }
#pragma GCC unroll 10
  for (int i = 1; i < 9; ++i)
    t[i] = _mm512_add_epi64(t[i], t[i]);
#pragma GCC unroll 5
  for (int i = 0; i < 5; ++i) {
    t[2 * i] = _mm512_madd52lo_epu64(t[2 * i], a.v[i], a.v[i]);
    t[2 * i + 1] = _mm512_madd52hi_epu64(t[2 * i + 1], a.v[i], a.v[i]);
  }
}

/// What reduce() leaves, as a residue.
CHANCERY_INLINE element upper_half(const lanes (&t)[10]) {
  lanes r[5] = {t[5], t[6], t[7], t[8], t[9]};
  carry(r);
  return {{r[0], r[1], r[2], r[3], r[4]}};
}

template <int Factor>
CHANCERY_INLINE lanes times(lanes limb) {
  constexpr int zeros = __builtin_ctz(Factor);
  if constexpr (Factor == 1)
    return limb;
  else if constexpr (zeros == 0)
    return _mm512_add_epi64(times<Factor - 1>(limb), limb);
  else
    return _mm512_slli_epi64(times<(Factor >> zeros)>(limb), zeros);
}

/// The arithmetic of the Machine parameter of point_sums.hpp and signing.hpp.
struct ifma_field {
  static constexpr int lane_count = 8;
  static constexpr int montgomery_bits = 260;
  using element = p256::element;

  /// a b / R.
  template <class Modulus>
  CHANCERY_INLINE element multiply(const element& a, const element& b) {
    lanes t[10];
    product(t, a, b);
    reduce<Modulus>(t);
    return upper_half(t);
  }

  /// a - b, a difference. The limbs of a and b may be negative.
  CHANCERY_INLINE element subtract(const element& a, const element& b) {
    lanes r[5];
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i)
      r[i] = _mm512_add_epi64(_mm512_sub_epi64(a.v[i], b.v[i]),
                              all(2 * modulus_limbs<field_p>.v[i]));
    carry(r);
    return {{r[0], r[1], r[2], r[3], r[4]}};
  }

  /// a + b, a difference.
  template <class Modulus>
  CHANCERY_INLINE element add(const element& a, const element& b) {
    lanes r[5];
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i)
      r[i] = _mm512_add_epi64(a.v[i], b.v[i]);
    carry(r);
    return {{r[0], r[1], r[2], r[3], r[4]}};
  }

  /// a^2 / R mod p.
  CHANCERY_INLINE element square(const element& a) {
    lanes t[10];
    p256::square(t, a);
    reduce<field_p>(t);
    return upper_half(t);
  }

  /// Factor a b / R mod p, for up to 8.
  template <int Factor>
  CHANCERY_INLINE element multiply_times(const element& a, const element& b) {
    lanes t[10], r[5];
    product(t, a, b);
    reduce<field_p>(t);
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i)
      r[i] = times<Factor>(t[i + 5]);
    return fold(r);
  }

  /// (a b - c d) / R mod p.
  CHANCERY_INLINE element difference(const element& a, const element& b,
                                     const element& c, const element& d) {
    lanes t[10], u[10];
    product(t, a, b);
    product(u, c, d);
#pragma GCC unroll 10
    for (int i = 0; i < 10; ++i)
      t[i] = _mm512_sub_epi64(t[i], u[i]);
    return reduce_signed(t);
  }

  /// (a b - 8 c^2) / R mod p, for c below 2p.
  CHANCERY_INLINE element minus_eight_squares(const element& a,
                                              const element& b,
                                              const element& c) {
    lanes t[10], u[10];
    product(t, a, b);
    p256::square(u, c);
#pragma GCC unroll 10
    for (int i = 0; i < 10; ++i)
      t[i] = _mm512_sub_epi64(t[i], times<8>(u[i]));
    return reduce_signed(t);
  }

  /// t / R mod p, for a t above -2 p R whose limbs may be negative.
  CHANCERY_INLINE element reduce_signed(lanes (&t)[10]) {
    reduce<field_p>(t);
    lanes r[5];
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i)
      r[i] = _mm512_add_epi64(t[i + 5], all(4 * modulus_limbs<field_p>.v[i]));
    return fold(r);
  }

  /// `yes` where the mask is all ones, `no` where it is zero, in all lanes.
  CHANCERY_INLINE element chosen(word mask, const element& yes,
                                 const element& no) {
    const __mmask8 where = _mm512_movepi64_mask(all(mask));
    element r;
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i)
      r.v[i] = _mm512_mask_mov_epi64(no.v[i], where, yes.v[i]);
    return r;
  }

  /// a^2 / R - b - c mod p, for b + c below 8p.
  CHANCERY_INLINE element square_minus(const element& a, const element& b,
                                       const element& c) {
    lanes t[10], r[5];
    p256::square(t, a);
    reduce<field_p>(t);
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i) {
      r[i] = _mm512_add_epi64(t[i + 5], all(8 * modulus_limbs<field_p>.v[i]));
      r[i] = _mm512_sub_epi64(r[i], _mm512_add_epi64(b.v[i], c.v[i]));
    }
    return fold(r);
  }

  /// a b / R - c mod p, for c below 4p, whose limbs may be negative.
  CHANCERY_INLINE element multiply_minus(const element& a, const element& b,
                                         const element& c) {
    lanes t[10], r[5];
    product(t, a, b);
    reduce<field_p>(t);
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i)
      r[i] = _mm512_add_epi64(_mm512_sub_epi64(t[i + 5], c.v[i]),
                              all(4 * modulus_limbs<field_p>.v[i]));
    return fold(r);
  }

  /// The same number in every lane; not converted to Montgomery form.
  CHANCERY_INLINE element broadcast(const words& a) {
    const auto l = to_limbs(a);
    return {{all(l.v[0]), all(l.v[1]), all(l.v[2]), all(l.v[3]), all(l.v[4])}};
  }

  /// Eight consecutive numbers; not converted to Montgomery form.
  CHANCERY_INLINE element load(const words* from) {
    const lanes at = _mm512_set_epi64(28, 24, 20, 16, 12, 8, 4, 0);
    lanes w[4];
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i)
      w[i] = _mm512_i64gather_epi64(at, &from->w[i], 8);
    return limbs_of(w[0], w[1], w[2], w[3]);
  }

  /// Of numbers whose words are in four registers.
  CHANCERY_INLINE element limbs_of(lanes w0, lanes w1, lanes w2, lanes w3) {
    constexpr auto piece = [](lanes low, lanes high, int right, int left) {
      return _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64(low, right),
                                              _mm512_slli_epi64(high, left)),
                              all(limb_mask));
    };
    return {{_mm512_and_si512(w0, all(limb_mask)), piece(w0, w1, 52, 12),
             piece(w1, w2, 40, 24), piece(w2, w3, 28, 36),
             _mm512_srli_epi64(w3, 16)}};
  }

  /// Reduces a residue below the modulus.
  template <class Modulus>
  CHANCERY_INLINE element canonical(const element& a) {
    lanes r[5];
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i)
      r[i] = _mm512_sub_epi64(a.v[i], all(modulus_limbs<Modulus>.v[i]));
    carry(r);
    const __mmask8 less = _mm512_movepi64_mask(r[4]);
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i)
      r[i] = _mm512_mask_mov_epi64(r[i], less, a.v[i]);
    return {{r[0], r[1], r[2], r[3], r[4]}};
  }

  /// Stores eight consecutive numbers, reduced below the modulus.
  template <class Modulus>
  CHANCERY_INLINE void store(const element& a, words* to) {
    const lanes at = _mm512_set_epi64(28, 24, 20, 16, 12, 8, 4, 0);
    const element r = canonical<Modulus>(a);
    const auto piece = [&](int i, int right, int left) {
      return _mm512_or_si512(_mm512_srli_epi64(r.v[i], right),
                             _mm512_slli_epi64(r.v[i + 1], left));
    };
    const lanes w[4] = {piece(0, 0, 52), piece(1, 12, 40), piece(2, 24, 28),
                        piece(3, 36, 16)};
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i)
      _mm512_i64scatter_epi64(&to->w[i], at, w[i], 8);
  }
};

} // namespace

} // namespace chancery::crypto::p256
