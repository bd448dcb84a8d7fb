// SPDX-License-Identifier: Apache-2.0
#pragma once

// One modular inversion in constant time, which the batch then shares: the
// "safegcd" of D. Bernstein and B.-Y. Yang, Fast constant-time gcd computation
// and modular inversion (CHES 2019), with a start of one half (P. Wuille), for
// which 590 division steps are enough below 2^256. Any thread may call it.

#include "crypto/p256/words.hpp"

namespace chancery::crypto::p256 {

struct field_p;
struct order_n;

/// a^-1 mod p or mod n, in [0, m). Zero for a = 0. For a < m.
template <class Modulus>
words invert(const words& a);

extern template words invert<field_p>(const words& a);
extern template words invert<order_n>(const words& a);

} // namespace chancery::crypto::p256
