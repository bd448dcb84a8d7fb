// SPDX-License-Identifier: Apache-2.0
#pragma once

// Marks the few values that depend on secrets and may be revealed: whether a
// nonce is in its range, whether a signature is usable. The constant-time test
// marks all secrets as undefined for valgrind, and defines
// CHANCERY_CONSTANT_TIME so that these values count as defined; in other builds
// this does nothing.

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
