// SPDX-License-Identifier: Apache-2.0
#include "actors/signer.hpp"

#include "actors/epoch.hpp"
#include "crypto/hash.hpp"
#include "crypto/vault.hpp"
#include "tests/actors/actor_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace chancery;
using namespace chancery::tests;
using actors::unit_batch;

namespace {

// A whole run on one thread: keyring, dispatcher, writer, and the signers that
// a test spawns.
struct fixture : actor_fixture {
  fixture(std::uint64_t records, std::uint32_t batch_size)
      : actor_fixture(records), keys(keyring_of(4)) {
    actors::epoch_options opening;
    opening.batch_size = batch_size;
    const auto epoch = actors::open_epoch(disk.store, ids_of(keys), opening);
    crypto::vault::options options;
    options.folder = disk.store.info().folder_id;
    options.epoch = epoch.entry.id;
    options.instance.fill(1);
    options.now = [] { return 5'000ms; };
    vault =
        std::make_unique<crypto::vault>(keys, options, crypto::system_random());
    dispatcher = spawn_dispatcher(batch_size);
    actors::keyring_config lending;
    lending.epoch = epoch.entry;
    lending.authority = std::make_shared<crypto::lease_authority>(
        keys.lease_secret(), options.folder, options.epoch);
    lending.wall_clock_ms = [] { return std::uint64_t{42}; };
    lending.progress = &progress;
    keyring = keep(system.spawn(actors::keyring, lending, writer, dispatcher));
  }

  actors::signer_actor start_signer(std::uint32_t leases_per_unit = 1) {
    const auto s = keep(system.spawn(
        actors::signer, actors::signer_config{vault.get(), leases_per_unit, 2},
        keyring, dispatcher));
    caf::anon_send(s, actors::start_atom_v);
    return s;
  }

  void check_all_right() {
    for (unsigned i = 0; i < 5; ++i)
      advance(10ms);
    const auto report = tests::audit(disk.store, keys);
    BOOST_TEST(report.passed, violations(report));
    BOOST_TEST(report.unsigned_records == 0u);
    BOOST_TEST(progress.keys_out == 0u);
    BOOST_TEST(progress.conflicts == 0u);
  }

  crypto::keyring keys;
  std::unique_ptr<crypto::vault> vault;
  actors::dispatcher_actor dispatcher;
  actors::keyring_actor keyring;
};

// Leases of the fixture's keys, signed as its keyring signs them.
std::vector<crypto::lease> leases_for(const fixture& f, std::size_t count) {
  crypto::lease_authority authority(f.keys.lease_secret(),
                                    f.disk.store.info().folder_id, {});
  std::vector<crypto::lease> leases(count);
  for (std::size_t i = 0; i < count; ++i) {
    leases[i].key = f.keys.keys()[i].key.id();
    leases[i].fence = fence_of(1, static_cast<std::uint32_t>(i + 1));
    leases[i].instance = f.vault->instance();
    authority.sign(leases[i]);
  }
  return leases;
}

} // namespace

BOOST_AUTO_TEST_SUITE(signer_test)

BOOST_AUTO_TEST_CASE(signers_sign_all_and_end) {
  for (const std::uint32_t leases_per_unit : {1u, 2u, 9u}) {
    fixture f(95, 10);
    for (unsigned i = 0; i < 3; ++i)
      f.start_signer(leases_per_unit);
    f.check_all_right();
    BOOST_TEST(f.progress.batches == 10u);
  }
}

// Whichever message is the last one that a signer lives to see.
BOOST_AUTO_TEST_CASE(what_a_dead_signer_had_is_signed_by_the_others) {
  std::uint64_t lost = 0;
  for (std::size_t steps = 1; steps < 60; steps += 2) {
    fixture f(60, 5);
    const auto unlucky = f.start_signer(2);
    f.start_signer(1);
    f.step(steps);
    caf::anon_send_exit(unlucky, caf::exit_reason::kill);
    f.check_all_right();
    lost += f.progress.leases_lost;
  }
  BOOST_TEST(lost > 0u);
}

BOOST_AUTO_TEST_CASE(a_unit_is_signed_in_chunks_that_cut_through_batches) {
  fixture f(0, 10);
  const auto leases = leases_for(f, 3);
  const std::vector<unit_batch> batches{{leases[0].fence, 0, 700},
                                        {leases[1].fence, 700, 1},
                                        {leases[2].fence, 701, 1'500}};
  std::string digests;
  for (std::uint64_t id = 0; id < 2'201; ++id) {
    const auto digest = crypto::sha256(bytes_of(record_of(id)));
    digests.append(digest.begin(), digest.end());
  }
  auto session = f.vault->open_session();
  const auto signatures =
      actors::sign_unit(session, f.keys.curve(), leases, batches, digests);
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
  fixture f(0, 10);
  const auto leases = leases_for(f, 2);
  auto session = f.vault->open_session();
  const auto sign = [&](const std::vector<unit_batch>& batches,
                        std::size_t digests) {
    return actors::sign_unit(session, f.keys.curve(), leases, batches,
                             std::string(digests * 32, 'd'));
  };
  const unit_batch one{leases[0].fence, 0, 1};
  const unit_batch two{leases[1].fence, 1, 1};
  BOOST_TEST(sign({one, two}, 2).size() == 2u * 64);
  BOOST_TEST(sign({}, 0).empty());
  BOOST_CHECK_THROW(sign({two, one}, 2), std::invalid_argument);
  BOOST_CHECK_THROW(sign({one, two, two}, 3), std::invalid_argument);
  BOOST_CHECK_THROW(sign({one, two}, 1), std::invalid_argument);
  BOOST_CHECK_THROW(sign({one, two}, 3), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_forged_lease_signs_nothing) {
  fixture f(0, 10);
  auto leases = leases_for(f, 1);
  leases[0].token[0] ^= 1;
  auto session = f.vault->open_session();
  BOOST_CHECK_THROW(actors::sign_unit(session, f.keys.curve(), leases,
                                      {{leases[0].fence, 0, 1}},
                                      std::string(32, 'd')),
                    crypto::lease_refused);
}

BOOST_AUTO_TEST_SUITE_END()
