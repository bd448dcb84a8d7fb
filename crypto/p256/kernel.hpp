// SPDX-License-Identifier: Apache-2.0
#pragma once

// The interface of a kernel: ECDSA on P-256 for a block of digests, each with
// its own key, ECDH of one key with a block of points, and ECDH of a block of
// ephemeral keys with one point. There is one kernel for AVX-512 IFMA and one
// for every other processor, with the same algorithm. A kernel reads no clock,
// no generator and no global but its tables, which prepare() fills once before
// the first use. Then any thread may call it, each with a separate scratch.

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
  std::uint32_t first;        ///< index of the first digest in the call
  int attempt;                ///< number of failed attempts before
  unsigned char* signatures;  ///< 64 bytes each, r||s
  bool* again;                ///< set where the nonce is unusable
};

/// No input is secret; verification is not constant-time.
struct verifying_block {
  int count;                     ///< 1 to kernel::block_max
  const words* digests;          ///< any
  const words* r;                ///< in [1, n - 1]
  const words* s;                ///< in [1, n - 1]
  const void* const* key_tables; ///< the verifying table of each one's key
  bool* valid;
  bool* undecided; ///< set, rarely, where another verifier must decide
};

/// One secret scalar and the public points of others.
struct agreement_block {
  int count;             ///< 1 to kernel::agreement_max
  const words* scalar;   ///< one for all points; in [1, n - 1]
  const words* x;        ///< any
  const words* y;        ///< any
  bool* on_curve;        ///< whether (x, y) is a point of the curve
  unsigned char* shared; ///< 32 bytes each: the x of the product, big-endian;
                         ///< zeros where the point is not on the curve
};

/// Secret scalars k, each for a product with the base point G and one with a
/// public point P.
struct multiplying_block {
  int count;             ///< 1 to kernel::block_max
  const words* scalars;  ///< any; secret
  const void* key_table; ///< of P
  unsigned char* points; ///< 64 bytes each: x||y of k G, big-endian
  unsigned char* shared; ///< 32 bytes each: the x of k P, big-endian
  bool* again;           ///< set where another scalar is needed: it is not in
                         ///< [1, n - 1], or, rarely, the sums do not work
};

struct kernel {
  const char* name;
  int lanes; ///< digests that one instruction works on
  int block_max;
  std::size_t scratch_size; ///< bytes, aligned to 64; sign() leaves it wiped
  int window_bits;
  int windows;
  /// Copies odd_multiples(G, window_bits, windows) into the table.
  void (*prepare)(const affine_point* points);
  void (*sign)(const signing_block& block, void* scratch);

  std::size_t verifying_scratch_size; ///< bytes, aligned to 64; not wiped
  int key_window_bits;
  int key_windows;
  std::size_t key_table_size; ///< bytes, aligned to 64
  /// Makes a table of odd_multiples(public key, key_window_bits, key_windows).
  void (*make_key_table)(const affine_point* points, void* table);
  std::size_t verifying_table_size; ///< bytes, aligned to 64
  /// The same for verify(), which may read it by public indexes.
  void (*make_verifying_table)(const affine_point* points, void* table);
  void (*verify)(const verifying_block& block, void* scratch);

  int agreement_max;                 ///< points of an agreement_block
  std::size_t agreeing_scratch_size; ///< bytes, aligned to 64; left wiped
  /// False, with `shared` zero, for the scalars 2 and n - 2.
  bool (*agree)(const agreement_block& block, void* scratch);

  std::size_t multiplying_scratch_size; ///< bytes, aligned to 64; left wiped
  void (*multiply)(const multiplying_block& block, void* scratch);
};

/// Only in builds for x86-64. Call it only on a processor with AVX-512 IFMA.
const kernel& ifma_kernel();
const kernel& portable_kernel();

} // namespace chancery::crypto::p256
