// SPDX-License-Identifier: Apache-2.0

// Batch verification agrees with libcrypto on good signatures, on bad ones, and
// on those whose additions meet equal points.

#include "crypto/providers/provider_parts.hpp"
#include "fixture.hpp"

#include <botan/ec_group.h>
#include <botan/numthry.h>

#include <boost/test/unit_test.hpp>

#include "../fixture.hpp"

#include <array>
#include <memory>
#include <set>

BOOST_AUTO_TEST_SUITE(verifying_test)

using namespace chancery::crypto;
using namespace chancery::crypto::p256;
using namespace chancery::crypto::p256::test;
using Botan::BigInt;
using chancery::crypto::test::replayed_random;

namespace {

std::array<std::byte, 32> bytes_of(const BigInt& a) {
  std::array<std::byte, 32> bytes;
  to_bytes(small(a), reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

/// Signatures with their keys and digests, and each verifier's verdicts.
struct claims {
  struct claim {
    std::shared_ptr<const public_key> key;
    std::array<std::byte, 32> digest;
    std::array<std::byte, 64> signature;
  };
  std::vector<claim> all;

  void add(const std::shared_ptr<const public_key>& key, const BigInt& digest,
           const BigInt& r, const BigInt& s) {
    claim c{key, bytes_of(digest), {}};
    std::ranges::copy(bytes_of(r), c.signature.begin());
    std::ranges::copy(bytes_of(s), c.signature.begin() + 32);
    all.push_back(c);
  }

  std::vector<bool> verdicts(signature_verifier& verifier) const {
    std::vector<signature_claim> given;
    for (const auto& c : all)
      given.push_back({c.key.get(), c.digest, c.signature});
    const auto said = std::make_unique<bool[]>(all.size());
    verifier.verify_batch(given, std::span(said.get(), all.size()));
    return std::vector<bool>(said.get(), said.get() + all.size());
  }

  /// Compares all kernels with libcrypto; returns the number of valid
  /// signatures.
  std::size_t valid() const {
    const auto openssl = make_openssl_verifier(curve::p256);
    const auto expected = verdicts(*openssl);
    for (const auto* k : usable_kernels()) {
      const auto verifier = make_batch_p256_verifier(*k);
      for (int i = 0; i < 2; ++i) // the second time with cached tables
        BOOST_TEST((verdicts(*verifier) == expected), k->name);
    }
    return static_cast<std::size_t>(std::ranges::count(expected, true));
  }
};

struct key_pair {
  BigInt d;
  std::shared_ptr<const public_key> q;
};

key_pair pair_of(const BigInt& d) {
  const private_key key(curve::p256, bytes_of(d));
  return {d, std::make_shared<public_key>(key.public_half())};
}

BigInt x_of(const BigInt& k) { return multiple(k).get_affine_x(); }

/// Adds a signature with a chosen nonce.
void sign(claims& to, const key_pair& key, const BigInt& digest,
          const BigInt& k) {
  const auto r = x_of(k) % order();
  const auto s =
      Botan::inverse_mod(k, order()) * (digest + r * key.d) % order();
  to.add(key.q, digest, r, s);
}

} // namespace

BOOST_AUTO_TEST_CASE(good_signatures_verify_and_changed_ones_do_not) {
  const auto random = replayed_random(21);
  claims good, bad;
  std::vector<key_pair> keys;
  for (int i = 0; i < 5; ++i)
    keys.push_back(pair_of(random_scalar(random)));
  auto digests = awkward_values();
  while (digests.size() < 400)
    digests.push_back(random_words(random));
  for (std::size_t i = 0; i < digests.size(); ++i)
    sign(good, keys[i % keys.size()], big(digests[i]), random_scalar(random));
  BOOST_TEST(good.valid() == digests.size());

  for (std::size_t i = 0; i < digests.size(); ++i) {
    auto c = good.all[i];
    if (i % 3 == 0)
      c.digest[i % 32] ^= static_cast<std::byte>(1 << i % 8);
    else if (i % 3 == 1)
      c.signature[i % 64] ^= static_cast<std::byte>(1 << i % 8);
    else
      c.key = keys[(i + 1) % keys.size()].q;
    bad.all.push_back(c);
    bad.all.push_back(good.all[i]);
  }
  BOOST_TEST(bad.valid() == digests.size());
}

// More keys than tables, each met often but once in a call, as the clients of a
// ledger are: some get tables, and lose them to others.
BOOST_AUTO_TEST_CASE(keys_that_many_calls_name_verify_as_before) {
  const auto random = replayed_random(23);
  std::vector<claims> calls(12);
  for (int i = 0; i < 300; ++i) {
    const auto key = pair_of(random_scalar(random));
    for (auto& call : calls)
      sign(call, key, big(random_words(random)), random_scalar(random));
  }
  for (std::size_t i = 0; i < calls.size(); ++i)
    for (std::size_t j = i; j < calls[i].all.size(); j += 5)
      calls[i].all[j].signature[j % 64] ^= std::byte{1};
  const auto openssl = make_openssl_verifier(curve::p256);
  for (const auto* k : usable_kernels()) {
    const auto verifier = make_batch_p256_verifier(*k);
    for (const auto& call : calls)
      BOOST_TEST(call.verdicts(*verifier) == call.verdicts(*openssl), k->name);
    // One key that is frequent in a call takes a table at once.
    claims frequent;
    const auto key = pair_of(random_scalar(random));
    for (int i = 0; i < 20; ++i)
      sign(frequent, key, i, random_scalar(random));
    frequent.all[7].digest[0] ^= std::byte{1};
    BOOST_TEST(frequent.verdicts(*verifier) == frequent.verdicts(*openssl),
               k->name);
    BOOST_TEST(calls[0].verdicts(*verifier) == calls[0].verdicts(*openssl),
               k->name);
  }
}

BOOST_AUTO_TEST_CASE(numbers_out_of_range_do_not_verify) {
  const auto random = replayed_random(22);
  const auto key = pair_of(random_scalar(random));
  const auto limit = BigInt::power_of_2(256);
  claims some;
  sign(some, key, 5, 77);
  for (const auto& wrong : {BigInt(0), order(), order() + 1, limit - 1})
    for (int i = 0; i < 4; ++i) {
      some.add(key.q, 5, wrong, 9);
      some.add(key.q, 5, 9, wrong);
    }
  BOOST_TEST(some.valid() == 1u);
}

/// x may be over n: then only r = x - n is right, not x itself.
BOOST_AUTO_TEST_CASE(keys_and_nonces_near_the_base_point_verify) {
  claims some;
  std::size_t count = 0;
  std::vector<BigInt> scalars;
  for (int i = 1; i <= 9; ++i) {
    scalars.emplace_back(i);
    scalars.push_back(order() - i);
  }
  for (std::size_t bit = 5; bit < 256; bit += 50)
    scalars.push_back(BigInt::power_of_2(bit));
  for (const auto& d : scalars) {
    const auto key = pair_of(d);
    for (const auto& k : scalars)
      for (const auto& digest : {BigInt(0), BigInt(1), order(), order() - 1}) {
        const auto r = x_of(k) % order();
        if ((digest + r * d) % order() == 0)
          continue;
        sign(some, key, digest, k);
        ++count;
      }
  }
  BOOST_TEST(some.valid() == count);
}

BOOST_AUTO_TEST_CASE(sums_that_meet_are_left_to_libcrypto) {
  const auto random = replayed_random(23);
  claims some;
  for (const auto& d : {BigInt(1), order() - 1, random_scalar(random)}) {
    const auto key = pair_of(d);
    for (int i = 0; i < 20; ++i) {
      const auto r = random_scalar(random), s = random_scalar(random);
      // u1 G + u2 Q is the point at infinity: the digest is -r d.
      some.add(key.q, order() - r * d % order(), r, s);
      // u1 G and u2 Q are the same point: the digest is r d.
      some.add(key.q, r * d % order(), r, s);
      // The same in a valid signature: x(2 u G) with u2 d = u1 = u.
      const auto u = random_scalar(random);
      const auto r2 = x_of(u * 2 % order()) % order();
      const auto s2 = r2 * d * Botan::inverse_mod(u, order()) % order();
      some.add(key.q, r2 * d % order(), r2, s2);
    }
  }
  BOOST_TEST(some.valid() == 60u);
}

BOOST_AUTO_TEST_CASE(keys_are_few_or_many_and_claims_of_any_number) {
  const auto random = replayed_random(24);
  for (const std::size_t count : {0, 1, 7, 8, 9, 127, 128, 129, 700}) {
    claims some;
    std::vector<key_pair> keys;
    for (int i = 0; i < 4; ++i)
      keys.push_back(pair_of(random_scalar(random)));
    for (std::size_t i = 0; i < count; ++i)
      // The last key occurs too rarely for a table.
      sign(some, keys[i % 100 == 0 ? 3 : i % 3], big(random_words(random)),
           random_scalar(random));
    BOOST_TEST(some.valid() == count);
  }
}

BOOST_AUTO_TEST_CASE(more_keys_than_tables_are_verified) {
  const auto random = replayed_random(25);
  claims some;
  for (int i = 0; i < 300; ++i) {
    const auto key = pair_of(random_scalar(random));
    for (int j = 0; j < 9; ++j)
      sign(some, key, big(random_words(random)), 1000 + i + j);
  }
  some.all[2'000].digest[0] ^= std::byte{1};
  BOOST_TEST(some.valid() == 2'699u);
}

BOOST_AUTO_TEST_SUITE_END()
