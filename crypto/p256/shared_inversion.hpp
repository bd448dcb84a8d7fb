// SPDX-License-Identifier: Apache-2.0
#pragma once

// One inversion for many: P. Montgomery's trick, across the lanes of a machine
// and then across a row of them ("Speeding the Pollard and elliptic curve
// methods of factorization", 1987, section 10.3.1). The forward pass computes
// products, the backward pass divides by them.

#include "crypto/p256/declassified.hpp"
#include "crypto/p256/portable_field.hpp"
#include "crypto/p256/wiping.hpp"

namespace chancery::crypto::p256 {

/// Neighbouring products go into two chains, so that one can begin before the
/// other has ended.
inline constexpr int chains = 2;

/// Replaces each lane's a by a^-1 R^2 (R of the machine's Montgomery form), all
/// with one inversion. Returns false, and changes nothing, when one is zero.
template <class Machine, class Modulus, int Chains>
bool invert_lanes(typename Machine::element (&values)[Chains]) {
  constexpr int count = Chains * Machine::lane_count;
  words a[count], product[count];
  for (int c = 0; c < Chains; ++c)
    Machine::template store<Modulus>(values[c], a + c * Machine::lane_count);
  word zero = 0;
  for (const auto& value : a)
    zero |= is_zero(value);
  if (declassified(zero) != 0)
    return false;
  product[0] = a[0];
  for (int i = 1; i < count; ++i)
    product[i] = multiply<Modulus>(product[i - 1], a[i]);
  // The products are in Montgomery form with R = 2^256, which invert() ignores.
  auto inverse = multiply<Modulus>(
      invert<Modulus>(product[count - 1]),
      power_of_two<Modulus>(2 * Machine::montgomery_bits + 256));
  for (int i = count - 1; i > 0; --i) {
    product[i] = multiply<Modulus>(inverse, product[i - 1]);
    inverse = multiply<Modulus>(inverse, a[i]);
  }
  product[0] = inverse;
  for (int c = 0; c < Chains; ++c)
    values[c] = Machine::load(product + c * Machine::lane_count);
  wipe_value(a);
  wipe_value(product);
  return true;
}

/// Replaces each of `count` numbers a by R^2 / a. `before` is scratch for
/// `count` elements. Returns false, and leaves anything, when one is zero.
template <class Machine, class Modulus>
bool invert_row(typename Machine::element* values,
                typename Machine::element* before, int count) {
  typename Machine::element running[chains];
  for (auto& each : running)
    each = Machine::broadcast(power_of_two<Modulus>(Machine::montgomery_bits));
  for (int i = 0; i < count; ++i) {
    auto& product = running[i % chains];
    before[i] = product;
    product = Machine::template multiply<Modulus>(product, values[i]);
  }
  const bool done = invert_lanes<Machine, Modulus, chains>(running);
  for (int i = count - 1; i >= 0; --i) {
    auto& inverse = running[i % chains];
    const auto value = values[i];
    values[i] = Machine::template multiply<Modulus>(inverse, before[i]);
    inverse = Machine::template multiply<Modulus>(inverse, value);
  }
  wipe_value(running);
  return done;
}

} // namespace chancery::crypto::p256
