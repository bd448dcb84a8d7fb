// SPDX-License-Identifier: Apache-2.0

// Compares this processor's kernels with libcrypto, Botan, and each other.

#include "crypto/p256/kernel_memory.hpp"
#include "crypto/providers/provider.hpp"
#include "fixture.hpp"

#include <botan/ec_group.h>
#include <botan/numthry.h>

#include <boost/test/unit_test.hpp>

#include "../fixture.hpp"

#include <algorithm>
#include <cstring>

BOOST_AUTO_TEST_SUITE(kernel_test)

using namespace chancery::crypto;
using namespace chancery::crypto::p256;
using namespace chancery::crypto::p256::test;
using Botan::BigInt;
using chancery::crypto::test::complaint;
using chancery::crypto::test::replayed_random;

namespace {

constexpr words one{{1, 0, 0, 0}};

std::vector<std::byte> bytes_of(const words& a) {
  std::vector<std::byte> bytes(32);
  to_bytes(a, reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

words random_key(const random_source& random) {
  return small(random_scalar(random));
}

/// A kernel's results, one entry per signature.
struct outcome {
  std::vector<words> r, s;
  std::vector<bool> again;
};

struct inputs {
  std::vector<words> keys, digests, nonces;
  std::vector<std::uint32_t> extra;
  int attempt = 0;
};

outcome sign(const kernel& k, const inputs& in) {
  const auto count = in.keys.size();
  std::vector<unsigned char> signatures(64 * count);
  const auto again = std::make_unique<bool[]>(count);
  const kernel_memory memory(k.scratch_size);
  for (std::size_t i = 0; i < count; i += static_cast<std::size_t>(k.block_max))
    k.sign({.count = static_cast<int>(std::min<std::size_t>(
                count - i, static_cast<std::size_t>(k.block_max))),
            .keys = &in.keys[i],
            .digests = &in.digests[i],
            .nonces = in.nonces.empty() ? nullptr : &in.nonces[i],
            .extra = in.extra.empty() ? nullptr : in.extra.data(),
            .first = static_cast<std::uint32_t>(i),
            .attempt = in.attempt,
            .signatures = &signatures[64 * i],
            .again = again.get() + i},
           memory.get());
  outcome out;
  for (std::size_t i = 0; i < count; ++i) {
    out.r.push_back(from_bytes(&signatures[64 * i]));
    out.s.push_back(from_bytes(&signatures[64 * i + 32]));
    out.again.push_back(again[i]);
  }
  return out;
}

BigInt x_of_multiple(const BigInt& k) {
  return multiple(k).get_affine_x() % order();
}

} // namespace

BOOST_AUTO_TEST_CASE(this_processor_has_a_kernel) {
  BOOST_TEST(!usable_kernels().empty());
  BOOST_TEST(usable_kernels().size() == kernels_of_this_processor().size());
  if (usable_kernels().front()->lanes == 1)
    BOOST_TEST_MESSAGE("this processor has no AVX-512 IFMA, so only the "
                       "portable kernel is tested");
}

BOOST_AUTO_TEST_CASE(r_is_the_x_of_the_nonces_multiple) {
  const auto random = replayed_random(1);
  inputs in;
  const auto add = [&](const BigInt& k) {
    if (k > 0 && k < order())
      in.nonces.push_back(small(k));
  };
  for (int i = 1; i <= 260; ++i) {
    add(i);
    add(order() - i);
  }
  for (std::size_t bit = 0; bit < 256; ++bit)
    for (int i = -1; i <= 1; ++i)
      add(BigInt::power_of_2(bit) + i);
  for (const auto& value : awkward_values())
    add(big(value));
  for (int i = 0; i < 300; ++i)
    in.nonces.push_back(random_key(random));
  in.keys.assign(in.nonces.size(), one);
  in.digests.assign(in.nonces.size(), one);
  for (const auto* k : usable_kernels()) {
    const auto out = sign(*k, in);
    for (std::size_t i = 0; i < in.nonces.size(); ++i) {
      BOOST_TEST((big(out.r[i]) == x_of_multiple(big(in.nonces[i]))));
      BOOST_TEST(!out.again[i]);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_scalar_whose_halves_meet_is_given_up_alone) {
  int met = 0;
  for (const auto* k : usable_kernels()) {
    const auto odd = scalar_whose_halves_meet(k->window_bits);
    if (odd.is_zero())
      continue;
    ++met;
    const auto random = replayed_random(2);
    inputs in;
    for (int i = 0; i < 40; ++i) {
      in.keys.push_back(random_key(random));
      in.digests.push_back(random_words(random));
      in.nonces.push_back(random_key(random));
    }
    const auto usual = sign(*k, in);
    in.nonces[3] = small(odd);
    in.nonces[21] = small(order() - odd); // the same x
    const auto out = sign(*k, in);
    for (std::size_t i = 0; i < 40; ++i) {
      BOOST_TEST(out.again[i] == (i == 3 || i == 21));
      if (!out.again[i])
        BOOST_TEST((big(out.s[i]) == big(usual.s[i])));
    }
  }
  BOOST_TEST(met > 0);
}

BOOST_AUTO_TEST_CASE(s_is_what_the_standard_says) {
  const auto random = replayed_random(3);
  inputs in;
  auto digests = awkward_values();
  while (digests.size() < 200)
    digests.push_back(random_words(random));
  for (const auto& digest : digests) {
    in.digests.push_back(digest);
    in.keys.push_back(random_key(random));
    in.nonces.push_back(random_key(random));
  }
  in.keys[0] = one;
  in.keys[1] = small(order() - 1);
  for (const auto* k : usable_kernels()) {
    const auto out = sign(*k, in);
    for (std::size_t i = 0; i < in.keys.size(); ++i)
      BOOST_TEST((big(out.s[i]) ==
                  Botan::inverse_mod(big(in.nonces[i]), order()) *
                      (big(in.digests[i]) + big(out.r[i]) * big(in.keys[i])) %
                      order()));
  }
}

BOOST_AUTO_TEST_CASE(nonces_out_of_range_and_a_zero_s_are_given_up) {
  const auto random = replayed_random(4);
  inputs in;
  for (int i = 0; i < 20; ++i) {
    in.keys.push_back(random_key(random));
    in.digests.push_back(random_words(random));
    in.nonces.push_back(random_key(random));
  }
  in.nonces[1] = {};
  in.nonces[2] = group_order;
  in.nonces[3] = small(order() + 1);
  in.nonces[4] = small(BigInt::power_of_2(256) - 1);
  // s = 0: the digest is -r d.
  in.digests[5] = small(order() - x_of_multiple(big(in.nonces[5])) *
                                      big(in.keys[5]) % order());
  for (const auto* k : usable_kernels()) {
    const auto out = sign(*k, in);
    for (std::size_t i = 0; i < 20; ++i)
      BOOST_TEST(out.again[i] == (i >= 1 && i <= 5));
    BOOST_TEST(is_zero(out.s[5]) == 1u);
  }
}

BOOST_AUTO_TEST_CASE(without_extra_bytes_it_signs_as_botan_does) {
  const auto random = replayed_random(5);
  inputs in;
  // For the nonce, Botan 2.19 does not reduce a digest >= n, although RFC 6979
  // 2.3.4 requires it; batch_signing_test compares those with a reference.
  auto digests = awkward_values();
  std::erase_if(digests, [](const auto& d) { return big(d) >= order(); });
  while (digests.size() < 300)
    digests.push_back(random_words(random));
  for (std::size_t i = 0; i < digests.size(); ++i) {
    in.digests.push_back(digests[i]);
    in.keys.push_back(i % 3 == 0 ? in.keys.empty() ? one : in.keys.back()
                                 : random_key(random));
  }
  const auto botan =
      make_batch_signer(provider::botan, curve::p256, system_random());
  std::vector<outcome> all;
  for (const auto* k : usable_kernels())
    all.push_back(sign(*k, in));
  for (std::size_t i = 0; i < digests.size(); ++i) {
    const private_key key(curve::p256, bytes_of(in.keys[i]));
    std::vector<std::byte> expected(64);
    const key_run run{&key, 1};
    botan->sign_batch({&run, 1}, bytes_of(digests[i]), expected);
    for (const auto& out : all) {
      auto made = bytes_of(out.r[i]);
      const auto s = bytes_of(out.s[i]);
      made.insert(made.end(), s.begin(), s.end());
      BOOST_TEST((made == expected));
    }
  }
}

BOOST_AUTO_TEST_CASE(kernels_agree_to_the_bit) {
  const auto random = replayed_random(6);
  inputs in;
  in.extra = {1, 0x80000000, 0xffffffff, 12345};
  for (std::size_t count : {1, 2, 7, 8, 9, 15, 16, 17, 100, 128, 129, 1'000}) {
    while (in.keys.size() < count) {
      in.keys.push_back(random_key(random));
      in.digests.push_back(random_words(random));
    }
    for (in.attempt = 0; in.attempt < 3; ++in.attempt) {
      const auto first = sign(*usable_kernels().front(), in);
      const auto last = sign(*usable_kernels().back(), in);
      for (std::size_t i = 0; i < count; ++i) {
        BOOST_TEST((big(first.r[i]) == big(last.r[i])));
        BOOST_TEST((big(first.s[i]) == big(last.s[i])));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_kernel_leaves_nothing_in_its_memory) {
  const auto random = replayed_random(7);
  inputs in;
  for (const auto* k : usable_kernels()) {
    const kernel_memory memory(k->scratch_size);
    const auto key = random_key(random), digest = random_words(random);
    unsigned char signature[64];
    bool again = false;
    constexpr unsigned char untouched = 0x5a;
    std::memset(memory.get(), untouched, k->scratch_size);
    k->sign({.count = 1,
             .keys = &key,
             .digests = &digest,
             .nonces = nullptr,
             .extra = nullptr,
             .first = 0,
             .attempt = 0,
             .signatures = signature,
             .again = &again},
            memory.get());
    const auto* left = static_cast<const unsigned char*>(memory.get());
    const auto kept = std::count(left, left + k->scratch_size, untouched);
    const auto wiped = std::count(left, left + k->scratch_size, 0);
    // The flags for nonces to retry are also 0.
    BOOST_TEST(static_cast<std::size_t>(kept + wiped) == k->scratch_size);
    BOOST_TEST(wiped > 20'000);
  }
}

BOOST_AUTO_TEST_CASE(a_kernel_that_errs_in_one_lane_is_not_used) {
  static const kernel* honest;
  for (const auto* k : usable_kernels()) {
    honest = k;
    auto lying = *k;
    lying.sign = [](const signing_block& block, void* memory) {
      honest->sign(block, memory);
      block.signatures[64 * (block.count - 1) + 63] ^= 1;
    };
    BOOST_TEST(prepare_and_test(*k));
    BOOST_TEST(!prepare_and_test(lying));
  }
}

BOOST_AUTO_TEST_SUITE_END()
