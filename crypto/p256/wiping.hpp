// SPDX-License-Identifier: Apache-2.0
#pragma once

// Overwriting what is secret on the stack, in a way that the compiler does not
// leave out. secret.hpp does the same for memory, by calling a library; these
// are inlined, so that files compiled for newer processors can use them.

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
