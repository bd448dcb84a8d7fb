// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/signer.hpp"

#include "actors/signing/epoch.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/keyring/vault.hpp"
#include "tests/actors/actor_fixture.hpp"
#include "tests/erring_signer.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(signer_test)

using namespace chancery;
using namespace chancery::tests;
using actors::unit_batch;

namespace {

// A whole run on one thread: keyring, dispatcher, writer, and the signers that
// a test spawns.
struct fixture : actor_fixture {
  fixture(std::uint64_t records, std::uint32_t batch_size, bool faulty = false,
          bool sampled = true, bool service = false)
      : actor_fixture(records), keys(keyring_of(4)) {
    actors::epoch_options opening;
    opening.batch_size = batch_size;
    const auto epoch = actors::open_epoch(disk.store, ids_of(keys), opening);
    crypto::vault::options options;
    options.folder = disk.store.info().folder_id;
    options.epoch = epoch.entry.id;
    options.instance.fill(1);
    options.now = [] { return 5'000ms; };
    if (faulty)
      options.replace_signer = every_signature_wrong;
    defence_switch::sample(options.defended) = sampled;
    vault =
        std::make_unique<crypto::vault>(keys, options, crypto::system_random());
    if (service)
      waiting = actors::waiting_terms{250, records};
    dispatcher = spawn_dispatcher(batch_size, 1, waiting);
    actors::keyring_config lending;
    lending.epoch = epoch.entry;
    lending.authority = std::make_shared<crypto::lease_authority>(
        keys.lease_secret(), options.folder, options.epoch);
    lending.wall_clock_ms = [] { return std::uint64_t{42}; };
    lending.progress = &progress;
    keyring = keep(system.spawn(actors::keyring, lending, writer, dispatcher));
  }

  actors::signer_actor start_signer(std::uint32_t leases_per_unit = 1) {
    auto s = keep(system.spawn(actors::signer,
                               actors::signer_config{vault.get(), &disk.store,
                                                     leases_per_unit, 2,
                                                     waiting.has_value()},
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

  std::optional<actors::waiting_terms> waiting; ///< of a service
  crypto::keyring keys;
  std::unique_ptr<crypto::vault> vault;
  actors::dispatcher_actor dispatcher;
  actors::keyring_actor keyring;
};

} // namespace

BOOST_AUTO_TEST_CASE(signers_sign_all_and_end) {
  for (const std::uint32_t leases_per_unit : {1u, 2u, 9u}) {
    fixture f(95, 10);
    for (unsigned i = 0; i < 3; ++i)
      f.start_signer(leases_per_unit);
    f.check_all_right();
    BOOST_TEST(f.progress.batches == 10u);
  }
}

// The signer dies at many points of its life: after every second step.
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

BOOST_AUTO_TEST_CASE(a_signer_on_a_faulty_core_ends_and_stores_nothing) {
  fixture f(50, 10, true);
  const auto signer = f.start_signer();
  std::optional<caf::error> end;
  f.keep(f.system.spawn([&](caf::event_based_actor* self) {
    self->set_down_handler([&end](caf::down_msg& down) { end = down.reason; });
    self->monitor(signer);
    return caf::behavior{[](actors::start_atom) {}};
  }));
  f.run();
  f.advance(10ms);
  BOOST_REQUIRE(end.has_value());
  BOOST_TEST((*end == actors::fault::wrong_signature), actors::sentence(*end));
  BOOST_TEST(contains(actors::sentence(*end), "chancery repair"));
  BOOST_TEST(f.disk.store.read().signature_count() == 0u);
}

BOOST_AUTO_TEST_CASE(without_the_sample_a_faulty_core_stores_its_signatures) {
  fixture f(50, 10, true, false);
  f.start_signer();
  f.run();
  f.advance(10ms);
  f.advance(10ms);
  BOOST_TEST(f.disk.store.read().signature_count() == 50u);
  BOOST_TEST(!tests::audit(f.disk.store, f.keys).passed);
}

BOOST_AUTO_TEST_CASE(in_a_service_an_idle_signer_holds_no_key) {
  fixture f(20, 10, false, true, true);
  f.start_signer(2);
  f.check_all_right();
  const auto events = f.journal().size();
  f.advance(10'000ms);
  BOOST_TEST(f.journal().size() == events);
  caf::anon_send(f.dispatcher, actors::drain_atom_v);
  f.run();
  BOOST_TEST(f.progress.keys_out == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
