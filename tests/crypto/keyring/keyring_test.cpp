// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/hash.hpp"
#include "crypto/keyring/keyring.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(keyring_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

private_key fresh(curve c = curve::p256) {
  return private_key::generate(c, system_random());
}

} // namespace

BOOST_AUTO_TEST_CASE(a_new_keyring_has_different_active_keys_and_a_secret) {
  for (const auto c : {curve::p256, curve::p384}) {
    const keyring keys(c, 10, system_random());
    std::set<key_id> ids;
    for (const auto& [key, state, use] : keys.keys()) {
      ids.insert(key.id());
      BOOST_TEST((state == key_state::active));
      BOOST_TEST((use == key_purpose::signing));
      BOOST_TEST((key.curve() == c));
    }
    BOOST_TEST(ids.size() == 10U);
    BOOST_TEST(keys.lease_secret().size() == 32U);
    const keyring other(c, 1, system_random());
    BOOST_TEST(to_hex(keys.lease_secret()) != to_hex(other.lease_secret()));
  }
}

BOOST_AUTO_TEST_CASE(a_copy_is_a_value_of_its_own) {
  const keyring original(curve::p256, 2, system_random());
  auto copy = original;
  copy.add(fresh());
  copy.retire(original.keys()[0].key.id());
  BOOST_TEST(original.keys().size() == 2U);
  BOOST_TEST((original.keys()[0].state == key_state::active));
  BOOST_TEST(copy.keys().size() == 3U);
  BOOST_TEST((copy.keys()[0].state == key_state::retired));
  auto other = original;
  other = copy;
  other.add(fresh());
  BOOST_TEST(copy.keys().size() == 3U);
}

BOOST_AUTO_TEST_CASE(keys_are_added_at_the_end) {
  keyring keys(curve::p256, 2, system_random());
  const auto key = fresh();
  keys.add(key);
  BOOST_TEST((keys.keys().back().key.id() == key.id()));
}

BOOST_AUTO_TEST_CASE(what_does_not_belong_is_not_added) {
  keyring keys(curve::p256, 1, system_random());
  BOOST_CHECK_THROW(keys.add(fresh(curve::p384)), std::invalid_argument);
  BOOST_CHECK_THROW(keys.add(keys.keys()[0].key), std::invalid_argument);
  keys.retire(keys.keys()[0].key.id());
  BOOST_CHECK_THROW(keys.add(keys.keys()[0].key), std::invalid_argument);
  BOOST_TEST(keys.keys().size() == 1U);

  const auto key = fresh();
  const auto secret = keys.lease_secret();
  using list = std::vector<keyring_key>;
  BOOST_CHECK_THROW(keyring(curve::p384, list{{key}}, secret),
                    std::invalid_argument);
  BOOST_CHECK_THROW(keyring(curve::p256, list{{key}, {key}}, secret),
                    std::invalid_argument);
  BOOST_CHECK_THROW(keyring(curve::p256, list{{key}}, secret.first(31)),
                    std::invalid_argument);
  BOOST_CHECK_NO_THROW(keyring(curve::p256, list{}, secret));
}

BOOST_AUTO_TEST_CASE(retiring_twice_is_the_same_as_once) {
  keyring keys(curve::p256, 2, system_random());
  const auto id = keys.keys()[1].key.id();
  keys.retire(id);
  keys.retire(id);
  BOOST_TEST((keys.keys()[0].state == key_state::active));
  BOOST_TEST((keys.keys()[1].state == key_state::retired));
  BOOST_CHECK_THROW(keys.retire(fresh().id()), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_public_half_has_the_same_keys_in_the_same_order) {
  keyring keys(curve::p384, 3, system_random());
  keys.retire(keys.keys()[1].key.id());
  const auto half = public_half(keys);
  BOOST_TEST((half.curve == curve::p384));
  BOOST_REQUIRE(half.keys.size() == 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    BOOST_TEST((half.keys[i].key == keys.keys()[i].key.public_half()));
    BOOST_TEST((half.keys[i].state == keys.keys()[i].state));
    BOOST_TEST((half.keys[i].use == keys.keys()[i].use));
    BOOST_TEST(half.find(half.keys[i].key.id()) == &half.keys[i]);
  }
  BOOST_TEST(half.find(key_id{}) == nullptr);
}

BOOST_AUTO_TEST_CASE(record_keys_are_the_active_ones_in_order) {
  keyring keys(curve::p384, 4, system_random());
  keys.retire(keys.keys()[1].key.id());
  const auto active = record_keys(keys);
  BOOST_REQUIRE(active.size() == 3U);
  BOOST_TEST((active[0].id() == keys.keys()[0].key.id()));
  BOOST_TEST((active[1].id() == keys.keys()[2].key.id()));
  BOOST_TEST((active[2].id() == keys.keys()[3].key.id()));
}

BOOST_AUTO_TEST_CASE(a_keyring_with_an_encryption_key_signs_no_records) {
  const keyring secret(curve::p256, 1, system_random());
  for (const auto state : {key_state::active, key_state::retired}) {
    const keyring keys(curve::p256,
                       {{fresh()}, {fresh(), state, key_purpose::encryption}},
                       secret.lease_secret());
    BOOST_CHECK_THROW((void)record_keys(keys), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(the_fingerprint_is_the_hash_of_the_sorted_ids) {
  const keyring keys(curve::p256, 3, system_random());
  auto half = public_half(keys);
  std::vector<std::string> ids;
  for (const auto& k : half.keys)
    ids.emplace_back(k.key.id().begin(), k.key.id().end());
  std::sort(ids.begin(), ids.end(), [](const auto& a, const auto& b) {
    return to_hex(bytes(a)) < to_hex(bytes(b));
  });
  const auto expected = sha256(bytes(ids[0] + ids[1] + ids[2]));
  BOOST_TEST((fingerprint(half) == expected));
  std::swap(half.keys[0], half.keys[2]);
  BOOST_TEST((fingerprint(half) == expected));
  half.keys[0].state = key_state::retired;
  BOOST_TEST((fingerprint(half) == expected));
  half.keys.pop_back();
  BOOST_TEST((fingerprint(half) != expected));
}

BOOST_AUTO_TEST_SUITE_END()
