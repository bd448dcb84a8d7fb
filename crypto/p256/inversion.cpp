// SPDX-License-Identifier: Apache-2.0
#include "crypto/p256/inversion.hpp"

#include "crypto/p256/wiping.hpp"

namespace chancery::crypto::p256 {

namespace {

using signed_wide = __int128;
using signed_word = std::int64_t;

constexpr int limb_bits = 62;
constexpr word limb_mask = (word{1} << limb_bits) - 1;

/// Five limbs of 62 bits; the last one carries the sign.
struct limbs {
  signed_word v[5];
};

constexpr limbs to_limbs(const words& a) {
  const auto low = [](word w) {
    return static_cast<signed_word>(w & limb_mask);
  };
  return {{low(a.w[0]), low(a.w[0] >> 62 | a.w[1] << 2),
           low(a.w[1] >> 60 | a.w[2] << 4), low(a.w[2] >> 58 | a.w[3] << 6),
           static_cast<signed_word>(a.w[3] >> 56)}};
}

constexpr words to_words(const limbs& a) {
  const auto v = [&](int i) { return static_cast<word>(a.v[i]); };
  return {{v(0) | v(1) << 62, v(1) >> 2 | v(2) << 60, v(2) >> 4 | v(3) << 58,
           v(3) >> 6 | v(4) << 56}};
}

/// a^-1 mod 2^62 for an odd a: each Newton step doubles the correct bits.
constexpr word inverse_mod_limb(word a) {
  word x = a;
  for (int i = 0; i < 6; ++i)
    x *= 2 - a * x;
  return x & limb_mask;
}

/// The matrix that 59 division steps apply to (f, g), times 2^62.
struct transition {
  signed_word u, v, q, r;
};

/// 59 division steps on the lowest limbs. `zeta` is -(delta + 1/2).
transition divide(signed_word& zeta, signed_word f0, signed_word g0) {
  // Starting at 8 does the first three of the 62 shifts at once.
  word u = 8, v = 0, q = 0, r = 8;
  auto f = static_cast<word>(f0);
  auto g = static_cast<word>(g0);
  auto z = static_cast<word>(zeta);
  for (int i = 3; i < limb_bits; ++i) {
    word negative = mask_of(z >> 63);
    const word odd = mask_of(g & 1);
    g += ((f ^ negative) - negative) & odd;
    q += ((u ^ negative) - negative) & odd;
    r += ((v ^ negative) - negative) & odd;
    negative &= odd;
    z = (z ^ negative) - 1;
    f += g & negative;
    u += q & negative;
    v += r & negative;
    g >>= 1;
    u <<= 1;
    v <<= 1;
  }
  zeta = static_cast<signed_word>(z);
  return {static_cast<signed_word>(u), static_cast<signed_word>(v),
          static_cast<signed_word>(q), static_cast<signed_word>(r)};
}

signed_wide product(signed_word a, signed_word b) {
  return static_cast<signed_wide>(a) * b;
}

signed_word low_limb(signed_wide a) {
  return static_cast<signed_word>(static_cast<word>(a) & limb_mask);
}

/// (f, g) = t (f, g) / 2^62, which is exact.
void advance(limbs& f, limbs& g, const transition& t) {
  signed_wide cf = product(t.u, f.v[0]) + product(t.v, g.v[0]);
  signed_wide cg = product(t.q, f.v[0]) + product(t.r, g.v[0]);
  for (int i = 1; i < 5; ++i) {
    cf = (cf >> limb_bits) + product(t.u, f.v[i]) + product(t.v, g.v[i]);
    cg = (cg >> limb_bits) + product(t.q, f.v[i]) + product(t.r, g.v[i]);
    f.v[i - 1] = low_limb(cf);
    g.v[i - 1] = low_limb(cg);
  }
  f.v[4] = static_cast<signed_word>(cf >> limb_bits);
  g.v[4] = static_cast<signed_word>(cg >> limb_bits);
}

/// One row of (d, e) = t (d, e) / 2^62 mod m, in (-2m, m): adds the multiple of
/// m that makes the sum divisible by 2^62.
limbs advance_mod(const limbs& d, const limbs& e, signed_word a, signed_word b,
                  const limbs& m, word m_inverse) {
  signed_word k = (a & (d.v[4] >> 63)) + (b & (e.v[4] >> 63));
  signed_wide c = product(a, d.v[0]) + product(b, e.v[0]);
  const word missing =
      (m_inverse * static_cast<word>(c) + static_cast<word>(k)) & limb_mask;
  k -= static_cast<signed_word>(missing);
  c += product(m.v[0], k);
  limbs r;
  for (int i = 1; i < 5; ++i) {
    c = (c >> limb_bits) + product(a, d.v[i]) + product(b, e.v[i]) +
        product(m.v[i], k);
    r.v[i - 1] = low_limb(c);
  }
  r.v[4] = static_cast<signed_word>(c >> limb_bits);
  return r;
}

void carry(limbs& a) {
  for (int i = 0; i < 4; ++i) {
    a.v[i + 1] += a.v[i] >> limb_bits;
    a.v[i] &= static_cast<signed_word>(limb_mask);
  }
}

void add_if_negative(limbs& a, const limbs& m) {
  const signed_word negative = a.v[4] >> 63;
  for (int i = 0; i < 5; ++i)
    a.v[i] += m.v[i] & negative;
}

/// a, or -a when `sign` is negative, in [0, m), for a in (-2m, m).
words normalized(limbs a, signed_word sign, const limbs& m) {
  add_if_negative(a, m);
  const signed_word negative = sign >> 63;
  for (auto& limb : a.v)
    limb = (limb ^ negative) - negative;
  carry(a);
  add_if_negative(a, m);
  carry(a);
  return to_words(a);
}

words invert_mod(const words& a, const limbs& m, word m_inverse) {
  limbs d{}, e{{1, 0, 0, 0, 0}}, f = m, g = to_limbs(a);
  signed_word zeta = -1;
  for (int i = 0; i < 10; ++i) {
    const auto t = divide(zeta, f.v[0], g.v[0]);
    const auto next = advance_mod(d, e, t.u, t.v, m, m_inverse);
    e = advance_mod(d, e, t.q, t.r, m, m_inverse);
    d = next;
    advance(f, g, t);
  }
  const auto inverse = normalized(d, f.v[4], m);
  wipe_value(d);
  wipe_value(e);
  wipe_value(f);
  wipe_value(g);
  return inverse;
}

template <class Modulus>
constexpr words modulus_of = group_order;
template <>
constexpr words modulus_of<field_p> = field_prime;

} // namespace

template <class Modulus>
words invert(const words& a) {
  static constexpr auto m = to_limbs(modulus_of<Modulus>);
  static constexpr auto m_inverse =
      inverse_mod_limb(modulus_of<Modulus>.w[0] & limb_mask);
  return invert_mod(a, m, m_inverse);
}

template words invert<field_p>(const words& a);
template words invert<order_n>(const words& a);

} // namespace chancery::crypto::p256
