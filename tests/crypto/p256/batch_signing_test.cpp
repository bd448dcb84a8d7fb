// SPDX-License-Identifier: Apache-2.0

// Runs of any length, retried nonces, and the nonces' randomness.

#include "crypto/p256/batch_signing.hpp"
#include "crypto/providers/provider_parts.hpp"
#include "fixture.hpp"
#include "reference_nonce.hpp"

#include <boost/test/unit_test.hpp>

#include "../fixture.hpp"

#include <cstdlib>
#include <set>

BOOST_AUTO_TEST_SUITE(batch_signing_test)

using namespace chancery::crypto;
using namespace chancery::crypto::p256;
using namespace chancery::crypto::p256::test;
using chancery::crypto::test::complaint;
using chancery::crypto::test::replayed_random;

namespace {

using signature = std::array<std::byte, 64>;

std::vector<std::byte> some_digests(std::size_t count, std::uint64_t seed) {
  std::vector<std::byte> digests(32 * count);
  replayed_random(seed)(digests);
  return digests;
}

/// Signs digests under several keys in turn.
struct signing {
  std::vector<private_key> keys;
  std::vector<std::byte> digests;
  std::vector<signature> signatures;

  signing(std::size_t key_count, std::size_t count, std::uint64_t seed)
      : digests(some_digests(count, seed)), signatures(count) {
    for (std::size_t i = 0; i < key_count; ++i)
      keys.push_back(private_key::generate(curve::p256, system_random()));
  }

  const private_key& key(std::size_t i) const { return keys[i % keys.size()]; }

  std::span<const std::byte> digest(std::size_t i) const {
    return std::span(digests).subspan(32 * i, 32);
  }

  void add_to(batch_signing& s) const {
    s.begin();
    for (std::size_t i = 0; i < signatures.size(); ++i)
      s.add(from_bytes(
                reinterpret_cast<const unsigned char*>(key(i).scalar().data())),
            digest(i));
  }

  void sign(batch_signing& s) {
    add_to(s);
    s.sign(std::as_writable_bytes(std::span(signatures)));
  }

  /// Signatures that do not verify by libcrypto, plus those that do not verify
  /// by Botan, which checks every `botan_interval`-th.
  std::size_t wrong(std::size_t botan_interval) const {
    const auto openssl = make_verifier(provider::openssl, curve::p256);
    const auto botan = make_verifier(provider::botan, curve::p256);
    std::size_t count = 0;
    for (std::size_t i = 0; i < signatures.size(); ++i) {
      const auto& q = key(i).public_half();
      count += openssl->verify(q, digest(i), signatures[i]) ? 0 : 1;
      if (i % botan_interval == 0)
        count += botan->verify(q, digest(i), signatures[i]) ? 0 : 1;
    }
    return count;
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(runs_of_every_length_verify) {
  for (const auto* k : usable_kernels()) {
    batch_signing s(*k, system_random());
    for (std::size_t count = 0; count <= 17; ++count)
      for (const std::size_t keys : {std::size_t{1}, count + 1}) {
        signing one(keys, count, count);
        one.sign(s);
        BOOST_TEST(one.wrong(1) == 0u);
      }
    for (const std::size_t count : {100, 127, 128, 129, 1'000, 10'000}) {
      signing one(count / 9, count, count);
      one.sign(s);
      BOOST_TEST(one.wrong(50) == 0u);
    }
  }
}

/// Set CHANCERY_SIGNATURES=1000000 for the long test.
BOOST_AUTO_TEST_CASE(random_signatures_verify_by_both_libraries) {
  const auto* wanted = std::getenv("CHANCERY_SIGNATURES");
  const auto count =
      wanted == nullptr ? 2'000 : std::strtoull(wanted, nullptr, 10);
  BOOST_REQUIRE(count > 0u);
  for (const auto* k : usable_kernels()) {
    batch_signing s(*k, system_random());
    for (std::size_t done = 0; done < count;) {
      const auto now = std::min<std::size_t>(count - done, 5'000);
      signing one(now / 7 + 1, now, done);
      one.sign(s);
      BOOST_REQUIRE(one.wrong(1) == 0u);
      done += now;
    }
  }
}

BOOST_AUTO_TEST_CASE(nonces_are_those_of_rfc_6979_with_additional_data) {
  const auto random = replayed_random(11);
  for (const auto* k : usable_kernels())
    for (const bool hedged : {false, true}) {
      std::vector<std::byte> extra(16);
      const auto fixed = [&](std::span<std::byte> to) {
        random(to);
        std::copy(to.begin(), to.end(), extra.begin());
      };
      batch_signing s(*k, hedged ? random_source(fixed) : random_source());
      signing made(5, 40, 12), given(0, 40, 12);
      std::fill_n(made.digests.begin(), 64, std::byte{0xff}); // over n
      given.digests = made.digests;
      given.keys = made.keys;
      made.sign(s);
      std::vector<words> nonces;
      for (std::uint32_t i = 0; i < 40; ++i)
        nonces.push_back(reference_nonce(
            made.key(i), made.digest(i),
            hedged ? additional_data(extra, i) : std::vector<std::byte>(), 0));
      given.add_to(s);
      s.use_nonces(nonces);
      s.sign(std::as_writable_bytes(std::span(given.signatures)));
      BOOST_TEST((made.signatures == given.signatures));
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_used_is_followed_by_the_next_nonce) {
  for (const auto* k : usable_kernels()) {
    batch_signing s(*k, {});
    signing once(3, 30, 13);
    once.add_to(s);
    std::vector<words> nonces(30, words{{5, 0, 0, 0}});
    nonces[0] = {};
    nonces[17] = group_order;
    nonces[29] = words{{~word{0}, ~word{0}, ~word{0}, ~word{0}}};
    s.use_nonces(nonces);
    s.sign(std::as_writable_bytes(std::span(once.signatures)));
    BOOST_TEST(once.wrong(1) == 0u);

    signing again(0, 30, 13);
    again.keys = once.keys;
    for (const auto i : {0u, 17u, 29u})
      nonces[i] = reference_nonce(again.key(i), again.digest(i), {}, 1);
    again.add_to(s);
    s.use_nonces(nonces);
    s.sign(std::as_writable_bytes(std::span(again.signatures)));
    BOOST_TEST((once.signatures == again.signatures));
  }
}

BOOST_AUTO_TEST_CASE(no_nonce_comes_twice_even_with_broken_randomness) {
  for (const auto* k : usable_kernels()) {
    batch_signing s(*k, [](std::span<std::byte> to) {
      std::fill(to.begin(), to.end(), std::byte{0});
    });
    std::set<std::vector<std::byte>> seen;
    // The same key and digest many times in a call, then other digests, then
    // another key.
    signing one(1, 300, 14);
    std::fill(one.digests.begin(), one.digests.begin() + 32 * 200,
              std::byte{7});
    signing two(1, 300, 14);
    two.digests = one.digests;
    for (auto* each : {&one, &two}) {
      each->sign(s);
      for (const auto& made : each->signatures)
        BOOST_TEST(seen.insert({made.begin(), made.begin() + 32}).second);
      BOOST_TEST(each->wrong(50) == 0u);
    }
    // With good randomness, even a repeated call never repeats a nonce.
    batch_signing good(*k, system_random());
    for (int i = 0; i < 3; ++i) {
      one.sign(good);
      for (const auto& made : one.signatures)
        BOOST_TEST(seen.insert({made.begin(), made.begin() + 32}).second);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_processor_that_only_errs_is_found_out) {
  auto broken = *usable_kernels().front();
  broken.sign = [](const signing_block& block, void*) {
    for (int i = 0; i < block.count; ++i)
      block.again[i] = true;
  };
  batch_signing s(broken, system_random());
  signing one(1, 3, 15);
  BOOST_TEST(chancery::crypto::test::contains(complaint([&] { one.sign(s); }),
                                              "the processor is at fault"));
}

BOOST_AUTO_TEST_CASE(a_signature_taken_by_chance_is_verified) {
  static const kernel* honest = usable_kernels().front();
  auto lying = *honest;
  lying.sign = [](const signing_block& block, void* memory) {
    honest->sign(block, memory);
    for (int i = 0; i < block.count; ++i)
      block.signatures[64 * i + 40] ^= 4;
  };
  const auto key = private_key::generate(curve::p256, system_random());
  const auto digests = some_digests(10, 16);
  std::vector<std::byte> signatures(640);
  const key_run run{&key, 10};
  const auto checked = [](const kernel& k) {
    return make_checked(make_batch_p256_signer(k, system_random()),
                        provider::batch, curve::p256, self_check::sample,
                        system_random());
  };
  const auto signer = checked(lying);
  BOOST_TEST(chancery::crypto::test::contains(
      complaint([&] {
        signer->sign_batch({&run, 1}, digests, signatures);
      }),
      "does not verify"));
  const auto right = checked(*honest);
  for (int i = 0; i < 1'000; ++i) // enough signatures for more checks
    right->sign_batch({&run, 1}, digests, signatures);
}

BOOST_AUTO_TEST_CASE(what_randomness_throws_is_passed_on) {
  batch_signing s(*usable_kernels().front(), [](std::span<std::byte>) -> void {
    throw std::runtime_error("no randomness");
  });
  signing one(1, 1, 17);
  BOOST_TEST(complaint([&] { one.sign(s); }) == "no randomness");
  BOOST_TEST(s.size() == 0u); // no key stays
}

BOOST_AUTO_TEST_SUITE_END()
