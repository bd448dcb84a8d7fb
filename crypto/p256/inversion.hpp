// SPDX-License-Identifier: Apache-2.0
#pragma once

// A constant-time modular inversion, of which a batch needs only one: the
// "safegcd" of D. Bernstein and B.-Y. Yang, Fast constant-time gcd computation
// and modular inversion (CHES 2019), started at delta = 1/2 (P. Wuille), for
// which 590 division steps suffice below 2^256. Thread-safe.

#include "crypto/p256/words.hpp"

namespace chancery::crypto::p256 {

struct field_p;
struct order_n;

/// a^-1 mod m, in [0, m), for a < m, where m is p or n. Zero for a = 0.
template <class Modulus>
words invert(const words& a);

extern template words invert<field_p>(const words& a);
extern template words invert<order_n>(const words& a);

} // namespace chancery::crypto::p256
