// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/unit_verifier.hpp"

#include "crypto/base/hash.hpp"
#include "crypto/providers/provider.hpp"
#include "tests/actors/actor_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_verifier_test)

using namespace chancery;
using namespace chancery::tests;
using actors::chunk_verdict;

namespace {

// Two batches of ten, each under its own key, signed rightly.
struct fixture : actor_fixture {
  explicit fixture(crypto::curve c = crypto::curve::p256)
      : actor_fixture(1), curve(c), keys(c, 3, crypto::system_random()),
        digests(20 * crypto::field_size(c), 'd'),
        signatures(20 * crypto::signature_size(c), '\0') {
    for (std::size_t i = 0; i < 20; ++i)
      digests[i * crypto::field_size(c)] = static_cast<char>(i);
    const std::vector<crypto::key_run> runs{{&key(0), 10}, {&key(1), 10}};
    crypto::make_batch_signer(crypto::provider::botan, c,
                              crypto::system_random())
        ->sign_batch(runs, std::as_bytes(std::span(digests)),
                     std::as_writable_bytes(std::span(signatures)));
    auto halves =
        std::make_shared<std::map<storage::key_name, crypto::public_key>>();
    for (std::size_t i = 0; i < 3; ++i)
      halves->emplace(key(i).id(), key(i).public_half());
    actor = keep(system.spawn(actors::unit_verifier,
                              actors::unit_verifier_config{c, halves}));
  }

  const crypto::private_key& key(std::size_t i) const {
    return keys.keys()[i].key;
  }

  chunk_verdict verify(std::vector<std::uint32_t> indexes,
                       std::size_t second_key = 1) {
    std::string batches;
    encode(actors::unit_batch{1, 0, 10}, batches);
    encode(actors::unit_batch{2, 10, 10}, batches);
    const auto unit = std::make_shared<const actors::remote_unit>(
        "w1", batches,
        std::vector<storage::key_name>{key(0).id(), key(second_key).id()},
        digests, signatures, crypto::signature_size(curve));
    const auto a = new_asker().ask<chunk_verdict>(
        actor, actors::verify_atom_v,
        actors::unit_chunk{unit, std::move(indexes)});
    run();
    BOOST_REQUIRE_MESSAGE(a->value, actors::sentence(a->fault));
    return *a->value;
  }

  std::vector<std::uint32_t> all() const {
    std::vector<std::uint32_t> indexes(20);
    for (std::uint32_t i = 0; i < 20; ++i)
      indexes[i] = i;
    return indexes;
  }

  crypto::curve curve;
  crypto::keyring keys;
  std::string digests;
  std::string signatures;
  actors::unit_verifier_actor actor;
};

} // namespace

BOOST_AUTO_TEST_CASE(what_is_right_is_right_on_both_curves) {
  for (const auto c : {crypto::curve::p256, crypto::curve::p384}) {
    fixture f(c);
    BOOST_TEST(f.verify(f.all()).wrong == 0u);
    BOOST_TEST(f.verify({3, 9, 10, 19}).wrong == 0u);
    f.signatures[14 * crypto::signature_size(c) + 5] ^= 1;
    const auto verdict = f.verify(f.all());
    BOOST_TEST(verdict.wrong == 1u);
    BOOST_TEST(verdict.first_wrong == 14u);
    BOOST_TEST(f.verify({13, 15}).wrong == 0u);
  }
}

BOOST_FIXTURE_TEST_CASE(garbage_is_wrong, fixture) {
  signatures.assign(signatures.size(), '\0');
  BOOST_TEST(verify(all()).wrong == 20u);
  signatures.assign(signatures.size(), '\xff');
  BOOST_TEST(verify(all()).wrong == 20u);
  BOOST_TEST(verify({7, 8}).first_wrong == 7u);
}

// Right signatures of the same keys, but not of these records.
BOOST_FIXTURE_TEST_CASE(signatures_of_other_digests_are_wrong, fixture) {
  digests[4 * 32] = 'x';
  BOOST_TEST(verify(all()).wrong == 1u);
  signatures = signatures.substr(64 * 1) + signatures.substr(0, 64);
  BOOST_TEST(verify(all()).wrong == 20u);
}

BOOST_FIXTURE_TEST_CASE(signatures_under_another_key_are_wrong, fixture) {
  const auto verdict = verify(all(), 2);
  BOOST_TEST(verdict.wrong == 10u);
  BOOST_TEST(verdict.first_wrong == 10u);
}

BOOST_AUTO_TEST_SUITE_END()
