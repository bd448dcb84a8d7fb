// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shared by the tests of crypto/p256: conversion to Botan's integers, values
// that are likely to be handled wrongly, and the machines that this processor
// can run.

#include "crypto/base/random.hpp"
#include "crypto/p256/kernel_choice.hpp"
#include "probe.hpp"

#include <botan/bigint.h>
#include <botan/ec_group.h>

#include <string>
#include <vector>

namespace chancery::crypto::p256::test {

inline Botan::BigInt big(const words& a) {
  unsigned char bytes[32];
  to_bytes(a, bytes);
  return Botan::BigInt(bytes, sizeof bytes);
}

inline words small(const Botan::BigInt& a) {
  Botan::secure_vector<std::uint8_t> bytes(32);
  a.binary_encode(bytes.data(), bytes.size());
  return from_bytes(bytes.data());
}

inline Botan::BigInt prime() { return big(field_prime); }
inline Botan::BigInt order() { return big(group_order); }

inline words random_words(const random_source& random) {
  words a;
  random(std::as_writable_bytes(std::span(a.w)));
  return a;
}

/// In [1, n - 1].
inline Botan::BigInt random_scalar(const random_source& random) {
  return big(random_words(random)) % (order() - 1) + 1;
}

const Botan::EC_Group& group();

/// k G.
Botan::PointGFp multiple(const Botan::BigInt& k);

/// Values near zero, the moduli and the ends of limbs and words; all fit in 256
/// bits.
std::vector<words> awkward_values();

/// The scalar whose sum over the lower 32 windows has the same x as the sum
/// over the others; zero if there is none.
Botan::BigInt scalar_whose_halves_meet(int window_bits);

/// The probes that this processor can run, the fastest first.
std::vector<const probe*> probes();

} // namespace chancery::crypto::p256::test
