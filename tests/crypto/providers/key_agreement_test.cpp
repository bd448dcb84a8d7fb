// SPDX-License-Identifier: Apache-2.0
#include "crypto/providers/key_agreement.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/p256/kernel_choice.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(key_agreement_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

struct agreed_on {
  std::vector<std::byte> shared;
  std::vector<bool> on_curve;

  bool operator==(const agreed_on&) const = default;
};

agreed_on agree_with(key_agreement& own, std::span<const sec1_point> peers) {
  agreed_on out;
  out.shared.resize(32 * peers.size(), std::byte{0xee});
  const auto on_curve = std::make_unique<bool[]>(peers.size());
  own.agree_batch(peers, out.shared, {on_curve.get(), peers.size()});
  out.on_curve.assign(on_curve.get(), on_curve.get() + peers.size());
  return out;
}

std::vector<sec1_point> some_peers(std::size_t count) {
  std::vector<sec1_point> peers;
  for (std::size_t i = 0; i < count; ++i)
    peers.push_back(to_sec1(
        private_key::generate(curve::p256, system_random()).public_half()));
  return peers;
}

private_key key_of_scalar(const std::string& hex) {
  return {curve::p256, from_hex(std::string(64 - hex.size(), '0') + hex)};
}

constexpr auto n_minus_2 =
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f";

} // namespace

BOOST_AUTO_TEST_CASE(kernels_and_libcrypto_agree) {
  const auto key = private_key::generate(curve::p256, system_random());
  auto peers = some_peers(70);
  peers[3].back() ^= std::byte{1};
  peers[9] = {};
  peers[10].front() = std::byte{0x06}; // the hybrid form
  peers[11].front() = std::byte{0x02};
  std::ranges::fill(std::span(peers[64]).subspan(1), std::byte{0xff});
  const std::vector<std::size_t> bad{3, 9, 10, 11, 64};
  const auto libcrypto = make_key_agreement(provider::openssl, key);
  for (const auto* k : p256::usable_kernels()) {
    const auto many = make_batch_agreement(*k, key);
    for (const std::size_t count : {0, 1, 2, 5, 12, 64, 65, 70}) {
      const auto some = std::span(peers).first(count);
      const auto out = agree_with(*many, some);
      BOOST_TEST((out == agree_with(*libcrypto, some)));
      for (std::size_t i = 0; i < count; ++i)
        BOOST_TEST(out.on_curve[i] == (std::ranges::count(bad, i) == 0));
    }
  }
}

BOOST_AUTO_TEST_CASE(scalars_that_kernels_give_up_are_libcryptos) {
  const auto peers = some_peers(3);
  for (const auto& hex : {std::string("2"), std::string(n_minus_2)}) {
    const auto key = key_of_scalar(hex);
    const auto expected =
        agree_with(*make_key_agreement(provider::openssl, key), peers);
    for (const auto* k : p256::usable_kernels())
      BOOST_TEST(
          (agree_with(*make_batch_agreement(*k, key), peers) == expected));
  }
}

BOOST_AUTO_TEST_CASE(a_kernel_that_errs_in_one_lane_agrees_with_nobody) {
  static const p256::kernel* honest;
  const auto key = private_key::generate(curve::p256, system_random());
  const auto peers = some_peers(5);
  const auto expected =
      agree_with(*make_key_agreement(provider::openssl, key), peers);
  for (const auto* k : p256::usable_kernels()) {
    honest = k;
    auto lying = *k;
    lying.agree = [](const p256::agreement_block& block, void* memory) {
      const bool done = honest->agree(block, memory);
      block.shared[32 * (block.count - 1)] ^= 1;
      return done;
    };
    BOOST_TEST(
        (agree_with(*make_batch_agreement(lying, key), peers) == expected));
  }
}

BOOST_AUTO_TEST_CASE(sizes_and_curves_must_fit) {
  const auto key = private_key::generate(curve::p256, system_random());
  const auto p384 = private_key::generate(curve::p384, system_random());
  const auto peers = some_peers(2);
  std::vector<std::byte> shared(63);
  bool on_curve[2];
  for (const auto p : {provider::openssl, provider::batch}) {
    BOOST_CHECK_THROW(
        make_key_agreement(p, key)->agree_batch(peers, shared, on_curve),
        std::invalid_argument);
    BOOST_CHECK_THROW(make_key_agreement(p, p384), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(the_description_names_who_agrees) {
  BOOST_TEST(agreement_description(provider::openssl) == "openssl");
  const auto by_batch = agreement_description(provider::batch);
  BOOST_TEST(
      (by_batch == description(provider::batch) || by_batch == "openssl"));
  if (p256::usable_kernels().front()->lanes > 1) {
    BOOST_TEST(by_batch == description(provider::batch));
    BOOST_TEST(ledger_description(provider::batch) == by_batch);
  }
  BOOST_TEST(ledger_description(provider::openssl) == "openssl");
  BOOST_TEST(ledger_description(provider::botan) ==
             "botan; keys agreed by openssl");
}

BOOST_AUTO_TEST_SUITE_END()
