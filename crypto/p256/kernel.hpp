// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a kernel does: ECDSA on P-256 for a block of digests, each with its own
// key. One for AVX-512 IFMA, one for every other processor; the same algorithm.
// Kernels read no clock, no generator and no global but their table, which
// prepare() fills once before anything is signed; then any thread may sign,
// with a scratch of its own.

#include "crypto/p256/words.hpp"

#include <cstddef>

namespace chancery::crypto::p256 {

/// A point of the curve, in Montgomery form with R = 2^256.
struct affine_point {
  words x, y;
};

struct signing_block {
  int count;                  ///< 1 to kernel::block_max
  const words* keys;          ///< in [1, n - 1]
  const words* digests;       ///< any
  const words* nonces;        ///< for tests; null: made by nonce.hpp
  const std::uint32_t* extra; ///< four random words; null: deterministic
  std::uint32_t first;        ///< place of the first digest in the call
  int attempt;                ///< 0, then how often it was tried before
  unsigned char* signatures;  ///< 64 bytes each, r||s
  bool* again;                ///< set where the nonce cannot be used
};

/// Nothing of this is secret, and its time tells of it.
struct verifying_block {
  int count;                     ///< 1 to kernel::block_max
  const words* digests;          ///< any
  const words* r;                ///< in [1, n - 1]
  const words* s;                ///< in [1, n - 1]
  const void* const* key_tables; ///< of each one's key
  bool* valid;
  bool* undecided; ///< set, rarely, where another way has to say
};

struct kernel {
  const char* name;
  int lanes; ///< digests that one instruction works on
  int block_max;
  std::size_t scratch_size; ///< of memory aligned to 64 bytes; left wiped
  int window_bits;
  int windows;
  /// Takes odd_multiples(G, window_bits, windows) over.
  void (*prepare)(const affine_point* points);
  void (*sign)(const signing_block& block, void* scratch);

  std::size_t verifying_scratch_size; ///< likewise, but not wiped
  int key_window_bits;
  int key_windows;
  std::size_t key_table_size; ///< of memory aligned to 64 bytes
  /// Makes a table of odd_multiples(public key, key_window_bits, key_windows).
  void (*make_key_table)(const affine_point* points, void* table);
  void (*verify)(const verifying_block& block, void* scratch);
};

/// Only in programs for x86-64, and only for processors that have it.
const kernel& ifma_kernel();
const kernel& portable_kernel();

} // namespace chancery::crypto::p256
