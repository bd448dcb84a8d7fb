// SPDX-License-Identifier: Apache-2.0
#pragma once

// Nonces by RFC 6979 3.2 with HMAC-SHA-256, and with additional data as its
// section 3.6 allows (k' there): 16 random bytes of the call and 4 with the
// digest's index in it. Even if the random bytes repeat or are known, a nonce
// depends on key and digest and is never that of another digest.
//
//   K = 00..., V = 01...
//   K = HMAC(K, V || 00 || x || h1 || extra)   V = HMAC(K, V)
//   K = HMAC(K, V || 01 || x || h1 || extra)   V = HMAC(K, V)
//   V = HMAC(K, V), the nonce; for the next one
//   K = HMAC(K, V || 00), V = HMAC(K, V), V = HMAC(K, V)
//
// V || 00 || x || h1 || extra has 117 bytes, so its HMAC takes three SHA-256
// blocks and a nonce sixteen; three bytes more would make it eighteen.

#include "crypto/p256/sha256_lanes.hpp"

namespace chancery::crypto::p256 {

inline constexpr int extra_size = 20;

/// The input for Machine::word_lanes consecutive digests. `keys` are below n
/// and secret; `digests` are below n (bits2octets).
struct nonce_input {
  const words* keys;
  const words* digests;
  const std::uint32_t* extra; ///< 4 words of the call; null: deterministic
  std::uint32_t first;        ///< index of the first digest in the call
  int attempt;                ///< number of nonces to skip
};

template <class Machine>
struct nonce_maker {
  using word32 = typename Machine::word32;
  using state = sha256_state<Machine>;

  /// K = 00..., with which every nonce begins.
  static inline hmac_key<Machine> first_key;

  static void prepare() {
    state zero;
    for (auto& word : zero.h)
      word = Machine::constant(0);
    hmac_begin<Machine>(first_key, zero);
  }

  state v;
  hmac_key<Machine> key;
  word32 seed[21]; // x || h1 || extra
  int seed_words;

  /// K = HMAC(K, V || tag || seed), then V = HMAC(K, V).
  void absorb_seed(std::uint32_t tag) {
    word32 stream[22]; // tag || seed || 80, so the seed is shifted by a byte
    for (int i = 0; i <= seed_words; ++i) {
      const auto before = i == 0
                              ? Machine::constant(tag << 24)
                              : Machine::template shift_left<24>(seed[i - 1]);
      const auto here = i == seed_words ? Machine::constant(0x00800000)
                                        : Machine::template shift<8>(seed[i]);
      stream[i] = Machine::add(before, here); // no bit is set in both
    }
    word32 w[16];
    for (int i = 0; i < 16; ++i)
      w[i] = i < 8 ? v.h[i] : stream[i - 8];
    auto s = key.inner;
    sha256_block<Machine>(s, w);
    const int left = seed_words + 1 - 8;
    for (int i = 0; i < 15; ++i)
      w[i] = i < left ? stream[i + 8] : Machine::constant(0);
    w[15] = Machine::constant(
        static_cast<std::uint32_t>(64 + 32 + 1 + 4 * seed_words) * 8);
    sha256_block<Machine>(s, w);
    sha256_end<Machine>(key.outer, s);
    renew(s);
  }

  /// K = HMAC(K, V || 00), then V = HMAC(K, V).
  void pass_over() {
    word32 w[16];
    for (int i = 0; i < 8; ++i)
      w[i] = v.h[i];
    w[8] = Machine::constant(0x00800000);
    for (int i = 9; i < 15; ++i)
      w[i] = Machine::constant(0);
    w[15] = Machine::constant((64 + 32 + 1) * 8);
    auto s = key.inner;
    sha256_block<Machine>(s, w);
    sha256_end<Machine>(key.outer, s);
    renew(s);
  }

  void renew(const state& new_key) {
    hmac_begin<Machine>(key, new_key);
    hmac_again<Machine>(key, v);
  }

  void run(const nonce_input& in, words* nonces) {
    for (int i = 0; i < 8; ++i) {
      seed[i] = Machine::load_word(in.keys, i);
      seed[i + 8] = Machine::load_word(in.digests, i);
      v.h[i] = Machine::constant(0x01010101);
    }
    seed_words = 16;
    if (in.extra != nullptr) {
      for (int i = 0; i < 4; ++i)
        seed[16 + i] = Machine::constant(in.extra[i]);
      seed[20] = Machine::counted(in.first);
      seed_words = 21;
    }
    key = first_key;
    absorb_seed(0);
    absorb_seed(1);
    hmac_again<Machine>(key, v);
    for (int i = 0; i < in.attempt; ++i) {
      pass_over();
      hmac_again<Machine>(key, v);
    }
    for (int i = 0; i < 8; ++i)
      Machine::store_word(v.h[i], nonces, i);
  }
};

} // namespace chancery::crypto::p256
