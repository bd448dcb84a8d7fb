// SPDX-License-Identifier: Apache-2.0
#pragma once

// Marks the few values that come of secrets and may be told: whether a nonce is
// in its range, whether a signature is usable. The test of constant time marks
// all secrets as undefined, for valgrind, and defines CHANCERY_CONSTANT_TIME so
// that these values are let go; elsewhere this does nothing.

#include "crypto/p256/words.hpp"

#ifdef CHANCERY_CONSTANT_TIME
#include <valgrind/memcheck.h>
#endif

namespace chancery::crypto::p256 {

template <class Value>
CHANCERY_INLINE Value declassified(Value value) {
#ifdef CHANCERY_CONSTANT_TIME
  (void)VALGRIND_MAKE_MEM_DEFINED(&value, sizeof value);
#endif
  return value;
}

} // namespace chancery::crypto::p256
