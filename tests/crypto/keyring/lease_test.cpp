// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/lease.hpp"

#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <numeric>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(lease_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

template <std::size_t N>
std::array<std::uint8_t, N> counting_from(std::uint8_t first) {
  std::array<std::uint8_t, N> octets;
  std::iota(octets.begin(), octets.end(), first);
  return octets;
}

const auto secret = counting_from<32>(0x50);
const auto folder = counting_from<16>(0x30);
const auto epoch = counting_from<16>(0x40);

lease_set sample() {
  lease_set set;
  set.remote = true;
  set.ttl_ms = 30'000;
  set.instance = counting_from<16>(0x20);
  set.nonce = 0x0102030405060708;
  set.leases.push_back({counting_from<32>(0), std::uint64_t{7} << 32 | 9});
  set.leases.push_back({counting_from<32>(0x60), std::uint64_t{7} << 32 | 10});
  return set;
}

lease_authority authority() {
  return {std::as_bytes(std::span(secret)), folder, epoch};
}

} // namespace

BOOST_AUTO_TEST_CASE(the_wire_form_and_the_token_are_as_documented) {
  // Computed with Python's hmac and hashlib from the byte table in lease.hpp.
  auto set = sample();
  authority().sign(set);
  const auto wire = encode(set);
  BOOST_TEST(to_hex(bytes(wire)) ==
             "181a009b98562210ace6184095d43e775d34e1ee9d4eb6eb424a7ac32e07c215"
             "0100"
             "00007530"
             "202122232425262728292a2b2c2d2e2f"
             "0102030405060708"
             "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
             "0000000700000009"
             "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
             "000000070000000a");
  BOOST_TEST((decode_leases(wire) == set));
}

BOOST_AUTO_TEST_CASE(no_lease_is_no_bytes) {
  auto none = sample();
  none.leases.clear();
  BOOST_TEST(encode(none).empty());
  BOOST_TEST((decode_leases("") == lease_set()));
}

BOOST_AUTO_TEST_CASE(a_signed_lease_checks_again_and_again) {
  auto maker = authority();
  auto checker = authority();
  for (int i = 0; i < 3; ++i) {
    auto l = sample();
    l.nonce += static_cast<unsigned>(i);
    maker.sign(l);
    BOOST_TEST(checker.check(l));
    BOOST_TEST(maker.check(l));
  }
}

BOOST_AUTO_TEST_CASE(every_changed_bit_is_noticed) {
  auto checker = authority();
  auto l = sample();
  checker.sign(l);
  const auto wire = encode(l);
  for (std::size_t bit = 0; bit < 8 * wire.size(); ++bit) {
    auto changed = wire;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    try {
      BOOST_REQUIRE(!checker.check(decode_leases(changed)));
    } catch (const std::invalid_argument&) {
      // A flag or a purpose that is neither 0 nor 1.
      BOOST_REQUIRE((bit / 8 == 32 || bit / 8 == 33));
    }
  }
  BOOST_TEST(checker.check(l));
}

BOOST_AUTO_TEST_CASE(a_token_is_for_one_secret_folder_and_epoch) {
  auto l = sample();
  authority().sign(l);
  const auto other = counting_from<32>(0x51);
  const auto other_id = counting_from<16>(0x31);
  const auto as_is = std::as_bytes(std::span(secret));
  BOOST_TEST(lease_authority(as_is, folder, epoch).check(l));
  BOOST_TEST(!lease_authority(std::as_bytes(std::span(other)), folder, epoch)
                  .check(l));
  BOOST_TEST(!lease_authority(as_is, other_id, epoch).check(l));
  BOOST_TEST(!lease_authority(as_is, folder, other_id).check(l));
  BOOST_TEST(!lease_authority(as_is, epoch, folder).check(l));
}

BOOST_AUTO_TEST_CASE(bytes_of_another_size_are_no_lease) {
  for (std::size_t size = 1; size < 300; ++size) {
    const std::string wire(size, '\0');
    if (size == 102 || size == 142 || size == 182 || size == 222 || size == 262)
      BOOST_TEST(decode_leases(wire).leases.size() == (size - 62) / 40);
    else
      BOOST_CHECK_THROW(decode_leases(wire), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(random_ids_differ) {
  BOOST_TEST(
      (make_random_id(system_random()) != make_random_id(system_random())));
}

BOOST_AUTO_TEST_SUITE_END()
