// SPDX-License-Identifier: Apache-2.0
#pragma once

// Single operations of a machine's arithmetic, for comparison with a library's.
// Compiled for the machine's processor in a separate file that uses nothing of
// the standard library: its inline functions could otherwise be linked into
// tests that run on other processors.

#include "crypto/p256/kernel.hpp"

namespace chancery::crypto::p256::test {

struct probe {
  const char* name;
  int lanes;
  int montgomery_bits;
  bool takes_any; ///< factors up to 2^256 - 1, not only below the modulus

  /// The operands of all lanes; results are below the modulus. R is
  /// 2^montgomery_bits.
  void (*multiply_p)(const words* a, const words* b, words* r); ///< a b / R
  void (*multiply_n)(const words* a, const words* b, words* r);
  /// (b - a) c / R
  void (*difference_times)(const words* a, const words* b, const words* c,
                           words* r);
  void (*square_minus)(const words* a, const words* b, const words* c,
                       words* r); ///< a a / R - b - c
  void (*multiply_minus)(const words* a, const words* b, const words* c,
                         words* r);         ///< a b / R - c
  void (*square)(const words* a, words* r); ///< a a / R
  void (*four_products)(const words* a, const words* b, words* r);
  void (*three_products)(const words* a, const words* b, words* r);
  /// ((b - a) (c - a) - c b) / R
  void (*difference)(const words* a, const words* b, const words* c, words* r);
  /// ((b - a) (c - a) - 8 c c) / R
  void (*minus_eight_squares)(const words* a, const words* b, const words* c,
                              words* r);
  void (*add_times)(const words* a, const words* b, ///< (a + b) c / R mod n
                    const words* c, words* r);
  bool (*invert_p)(const words* a, words* r); ///< R^2 / a; false if an a is 0
  bool (*invert_n)(const words* a, words* r);
};

const probe& portable_probe();
const probe& ifma_probe();

} // namespace chancery::crypto::p256::test
