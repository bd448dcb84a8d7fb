// SPDX-License-Identifier: Apache-2.0
#pragma once

// Overwrites secrets on the stack; the compiler cannot optimize this away.
// secret.hpp does the same by calling a library. These functions are inlined,
// so that files compiled for newer processors can use them.

#include "crypto/p256/words.hpp"

namespace chancery::crypto::p256 {

CHANCERY_INLINE void wipe_bytes(void* memory, std::size_t size) {
  __builtin_memset(memory, 0, size);
  asm volatile("" : : "r"(memory) : "memory");
}

template <class Value>
CHANCERY_INLINE void wipe_value(Value& value) {
  wipe_bytes(&value, sizeof value);
}

} // namespace chancery::crypto::p256
