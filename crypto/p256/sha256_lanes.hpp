// SPDX-License-Identifier: Apache-2.0
#pragma once

// HMAC-SHA-256 (RFC 2104, FIPS 180-4) of several messages at a time, one in
// each lane of a machine's vectors of 32-bit words. `Word` is such a vector;
// the machine provides its operations:
//
//   Word constant(uint32)   Word add(Word, Word)       Word rotate<N>(Word)
//   Word shift<N>(Word)     Word exclusive_or(a, b, c) Word choose(x, y, z)
//   Word majority(x, y, z)
//
// rotate and shift go to the right.

#include "crypto/base/sha256_constants.hpp"
#include "crypto/p256/words.hpp"

namespace chancery::crypto::p256 {

template <class Machine>
struct sha256_state {
  typename Machine::word32 h[8];
};

template <class Machine>
CHANCERY_INLINE sha256_state<Machine> sha256_begin() {
  sha256_state<Machine> s;
  for (int i = 0; i < 8; ++i)
    s.h[i] = Machine::constant(sha256_start[i]);
  return s;
}

/// FIPS 180-4 6.2.2. Overwrites the block `w`. Not inlined: it is long, and
/// called in many places.
template <class Machine>
[[gnu::noinline]] void sha256_block(sha256_state<Machine>& s,
                                    typename Machine::word32 (&w)[16]) {
  using m = Machine;
  auto a = s.h[0], b = s.h[1], c = s.h[2], d = s.h[3];
  auto e = s.h[4], f = s.h[5], g = s.h[6], h = s.h[7];
  for (int i = 0; i < 64; i += 16) {
#pragma GCC unroll 16
    for (int j = 0; j < 16; ++j) {
      if (i != 0) {
        const auto x = w[(j + 1) & 15], y = w[(j + 14) & 15];
        const auto s0 =
            m::exclusive_or(m::template rotate<7>(x), m::template rotate<18>(x),
                            m::template shift<3>(x));
        const auto s1 = m::exclusive_or(m::template rotate<17>(y),
                                        m::template rotate<19>(y),
                                        m::template shift<10>(y));
        w[j] = m::add(m::add(w[j], s0), m::add(w[(j + 9) & 15], s1));
      }
      const auto t1 =
          m::add(m::add(m::add(h, w[j]), m::constant(sha256_rounds[i + j])),
                 m::add(m::exclusive_or(m::template rotate<6>(e),
                                        m::template rotate<11>(e),
                                        m::template rotate<25>(e)),
                        m::choose(e, f, g)));
      const auto t2 = m::add(m::exclusive_or(m::template rotate<2>(a),
                                             m::template rotate<13>(a),
                                             m::template rotate<22>(a)),
                             m::majority(a, b, c));
      h = g;
      g = f;
      f = e;
      e = m::add(d, t1);
      d = c;
      c = b;
      b = a;
      a = m::add(t1, t2);
    }
  }
  const typename m::word32 out[8] = {a, b, c, d, e, f, g, h};
  for (int i = 0; i < 8; ++i)
    s.h[i] = m::add(s.h[i], out[i]);
}

/// An HMAC key of 32 bytes: the SHA-256 states after its inner and its outer
/// key block.
template <class Machine>
struct hmac_key {
  sha256_state<Machine> inner;
  sha256_state<Machine> outer;
};

template <class Machine>
void hmac_begin(hmac_key<Machine>& key, const sha256_state<Machine>& k) {
  const auto absorb = [&](sha256_state<Machine>& s, std::uint32_t pad) {
    typename Machine::word32 w[16];
    for (int i = 0; i < 16; ++i)
      w[i] = i < 8 ? Machine::exclusive_or(k.h[i], Machine::constant(pad),
                                           Machine::constant(0))
                   : Machine::constant(pad);
    s = sha256_begin<Machine>();
    sha256_block<Machine>(s, w);
  };
  absorb(key.inner, 0x36363636);
  absorb(key.outer, 0x5c5c5c5c);
}

/// Sets v to the hash of 64 bytes, after which the state is `first`, and the 32
/// bytes of v.
template <class Machine>
void sha256_end(const sha256_state<Machine>& first, sha256_state<Machine>& v) {
  typename Machine::word32 w[16];
  for (int i = 0; i < 8; ++i)
    w[i] = v.h[i];
  w[8] = Machine::constant(0x80000000);
  for (int i = 9; i < 15; ++i)
    w[i] = Machine::constant(0);
  w[15] = Machine::constant((64 + 32) * 8);
  v = first;
  sha256_block<Machine>(v, w);
}

/// HMAC of 32 bytes: v becomes HMAC(key, v).
template <class Machine>
void hmac_again(const hmac_key<Machine>& key, sha256_state<Machine>& v) {
  sha256_end<Machine>(key.inner, v);
  sha256_end<Machine>(key.outer, v);
}

} // namespace chancery::crypto::p256
