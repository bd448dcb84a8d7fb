// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/unit_signing.hpp"

#include "crypto/base/hash.hpp"
#include "tests/actors/fixture.hpp"
#include "tests/erring_signer.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <stdexcept>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_signing_test)

using namespace chancery;
using namespace chancery::tests;
using namespace std::chrono_literals;
using actors::unit_batch;

namespace chancery::tests {

namespace {

struct fixture {
  crypto::keyring keys = keyring_of(4);
  std::chrono::milliseconds now = 5'000ms;
  crypto::vault vault{keys,
                      [this] {
                        crypto::vault::options options;
                        options.instance.fill(1);
                        options.now = [this] { return now; };
                        return options;
                      }(),
                      crypto::system_random()};
};

// Leases of the fixture's keys, signed as a keyring signs them.
crypto::lease_set leases_for(const fixture& f, std::uint32_t count) {
  crypto::lease_authority authority(f.keys.lease_secret(), {}, {});
  crypto::lease_set set;
  set.instance = f.vault.instance();
  for (std::uint32_t i = 0; i < count; ++i)
    set.leases.push_back({f.keys.keys()[i].key.id(), fence_of(1, i + 1)});
  authority.sign(set);
  return set;
}

std::string sign_all(fixture& f, const crypto::lease_set& leases,
                     const std::vector<unit_batch>& batches,
                     const std::string& digests) {
  auto session = f.vault.open_session();
  actors::unit_signing signing(f.keys.curve(), leases, batches, digests);
  while (!signing.done())
    signing.step(session);
  return signing.take_signatures();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_unit_is_signed_in_chunks_that_cut_through_batches) {
  fixture f;
  const auto leases = leases_for(f, 3);
  const std::vector<unit_batch> batches{{leases.leases[0].fence, 0, 700},
                                        {leases.leases[1].fence, 700, 1},
                                        {leases.leases[2].fence, 701, 1'500}};
  std::string digests;
  for (std::uint64_t id = 0; id < 2'201; ++id) {
    const auto digest = crypto::sha256(bytes_of(record_of(id)));
    digests.append(digest.begin(), digest.end());
  }
  const auto signatures = sign_all(f, leases, batches, digests);
  BOOST_REQUIRE_EQUAL(signatures.size(), 2'201u * 64);
  const auto verifier =
      crypto::make_verifier(crypto::provider::openssl, crypto::curve::p256);
  const auto check = [&](std::size_t id, std::size_t key) {
    BOOST_TEST(verifier->verify(f.keys.keys()[key].key.public_half(),
                                bytes_of(digests).subspan(id * 32, 32),
                                bytes_of(signatures).subspan(id * 64, 64)));
  };
  check(0, 0);
  check(699, 0);
  check(700, 1);
  check(701, 2);
  check(1'023, 2);
  check(1'024, 2);
  check(2'200, 2);
}

BOOST_AUTO_TEST_CASE(a_unit_that_does_not_fit_its_leases_is_not_signed) {
  fixture f;
  const auto leases = leases_for(f, 2);
  const auto sign = [&](const std::vector<unit_batch>& batches,
                        std::size_t digests) {
    return sign_all(f, leases, batches, std::string(digests * 32, 'd'));
  };
  const unit_batch one{leases.leases[0].fence, 0, 1};
  const unit_batch two{leases.leases[1].fence, 1, 1};
  BOOST_TEST(sign({one, two}, 2).size() == 2u * 64);
  BOOST_TEST(sign({}, 0).empty());
  BOOST_CHECK_THROW(sign({two, one}, 2), std::invalid_argument);
  BOOST_CHECK_THROW(sign({one, two, two}, 3), std::invalid_argument);
  BOOST_CHECK_THROW(sign({one, two}, 1), std::invalid_argument);
  BOOST_CHECK_THROW(sign({one, two}, 3), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_forged_lease_signs_nothing) {
  fixture f;
  auto leases = leases_for(f, 1);
  leases.token[0] ^= 1;
  BOOST_CHECK_THROW(sign_all(f, leases, {{leases.leases[0].fence, 0, 1}},
                             std::string(32, 'd')),
                    crypto::lease_refused);
}

BOOST_AUTO_TEST_CASE(a_lease_that_gets_more_time_signs_the_next_chunk) {
  fixture f;
  crypto::lease_authority authority(f.keys.lease_secret(), {}, {});
  auto leases = leases_for(f, 1);
  const auto ask = [&] {
    leases.remote = true;
    leases.ttl_ms = 1'000;
    leases.nonce = f.vault.ask();
    authority.sign(leases);
  };
  ask();
  const std::vector<unit_batch> batches{{leases.leases[0].fence, 0, 3'000}};
  auto session = f.vault.open_session();
  actors::unit_signing signing(f.keys.curve(), leases, batches,
                               std::string(3'000 * 32, 'd'));
  signing.step(session);
  f.now += 900ms;
  ask();
  BOOST_TEST(signing.renew(leases));
  f.now += 900ms;
  signing.step(session);
  f.now += 100ms;
  BOOST_CHECK_EXCEPTION(signing.step(session), crypto::lease_refused,
                        [](const crypto::lease_refused& e) {
                          return e.fault() == crypto::lease_fault::expired;
                        });
  BOOST_TEST(!signing.done());
}

BOOST_AUTO_TEST_CASE(a_renewal_that_leaves_a_lease_out_changes_nothing) {
  fixture f;
  const auto leases = leases_for(f, 2);
  actors::unit_signing signing(f.keys.curve(), leases, {}, {});
  auto fewer = leases, swapped = leases;
  fewer.leases.pop_back();
  std::swap(swapped.leases[0], swapped.leases[1]);
  BOOST_TEST(!signing.renew(fewer));
  BOOST_TEST(!signing.renew(swapped));
  BOOST_TEST(!signing.renew({}));
  BOOST_TEST((signing.leases() == leases));
  BOOST_TEST(signing.renew(leases));
}

BOOST_AUTO_TEST_CASE(a_wrong_signature_is_reported_with_its_batch) {
  fixture f;
  crypto::vault::options options;
  options.instance.fill(1);
  options.now = [] { return 5'000ms; };
  options.paranoid = true;
  options.replace_signer = [](std::unique_ptr<crypto::batch_signer> below) {
    auto erring =
        std::make_unique<erring_signer>(std::move(below), crypto::curve::p256);
    erring->every = true;
    return erring;
  };
  crypto::vault faulty(f.keys, options, crypto::system_random());
  auto session = faulty.open_session();
  const auto leases = leases_for(f, 1);
  actors::unit_signing signing(f.keys.curve(), leases,
                               {{leases.leases[0].fence, 300, 2}},
                               std::string(64, 'd'));
  BOOST_CHECK_EXCEPTION(signing.step(session), actors::wrong_in_batch,
                        [](const auto& e) {
                          return std::string_view(e.what()).starts_with(
                              "record 300 of batch 300: ");
                        });
  BOOST_TEST(!signing.done());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
