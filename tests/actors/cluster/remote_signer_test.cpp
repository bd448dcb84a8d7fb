// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/remote_signer.hpp"

#include "tests/actors/worker_fixture.hpp"

BOOST_AUTO_TEST_SUITE(remote_signer_test)

using namespace chancery;
using namespace chancery::tests;
using actors::fault;
using actors::work_state;

namespace {

struct fixture : worker_fixture {
  explicit fixture(std::uint32_t units_max = 2, bool on_faulty_core = false)
      : worker_fixture(on_faulty_core) {
    actors::remote_signer_config config;
    config.vault = vault;
    config.now = [this] { return now; };
    config.units_max = units_max;
    config.leases_per_unit = 2;
    config.ttl = ttl;
    config.progress = &counted;
    signer =
        keep(system.spawn(actors::remote_signer, config, coordinator.handle()));
    end = watch(signer);
    caf::anon_send(signer, actors::start_atom_v);
    run();
  }

  ~fixture() {
    script->work.clear();
    script->renewals.clear();
  }

  /// The n-th request for work, oldest first.
  const actors::work_request& asked(std::size_t n) const {
    BOOST_REQUIRE_LT(n, script->work.size());
    return script->work[n].request;
  }

  void answer(std::size_t n, actors::work_answer a) {
    BOOST_REQUIRE_LT(n, script->work.size());
    deliver(coordinator, script->work[n].promise, std::move(a));
  }

  void answer_unit(std::size_t n, const std::vector<std::uint32_t>& counts) {
    answer(n, unit_for(asked(n), counts));
  }

  void fail(std::size_t n, fault f) {
    deliver(coordinator, script->work[n].promise,
            actors::make_fault(f, "the test says so"));
    run();
  }

  void renewal(actors::grant g) {
    deliver(coordinator, script->renewals[0].promise, std::move(g));
  }

  /// Makes each chunk take 300 ms, within which the coordinator answers.
  void renew_while_signing(
      std::function<actors::grant(const actors::renew_request&)> how) {
    script->renew_at_once = std::move(how);
    on_use = [this](const crypto::key_use& use) {
      if (use.begin)
        return;
      now += 300ms;
      run(); // the others: this actor does not yield while it has messages
    };
    run();
  }

  void drain() {
    caf::anon_send(signer, actors::drain_atom_v);
    run();
  }

  std::size_t requests() const { return script->work.size(); }
  bool alive() const { return !end->has_value(); }

  void check_ended(std::optional<fault> why = std::nullopt) const {
    BOOST_REQUIRE(end->has_value());
    if (why)
      BOOST_TEST((**end == *why), actors::sentence(**end));
    else
      BOOST_TEST(!**end, actors::sentence(**end));
  }

  connection coordinator = new_connection();
  std::shared_ptr<gateway_script> script = coordinator.script;
  actors::remote_signer_actor signer;
  std::shared_ptr<std::optional<caf::error>> end;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(it_signs_a_unit_and_hands_it_in, fixture) {
  BOOST_TEST(requests() == 2u);
  BOOST_TEST(asked(0).count == 2u);
  BOOST_TEST(asked(0).nonce != asked(1).nonce);
  BOOST_TEST(asked(0).batches.empty());
  BOOST_TEST(asked(0).returned.empty());
  const auto unit = unit_for(asked(0), {3, 2});
  answer(0, unit);
  run();
  BOOST_REQUIRE_EQUAL(requests(), 3u);
  const auto& result = asked(2);
  BOOST_TEST(result.count == 2u); // and asks for the next
  BOOST_TEST(result.batches == unit.batches);
  BOOST_TEST(result.returned == unit.leases);
  BOOST_REQUIRE_EQUAL(result.signatures.size(), 5u * 64);
  const auto verifier =
      crypto::make_verifier(crypto::provider::openssl, crypto::curve::p256);
  for (std::size_t i = 0; i < 5; ++i)
    BOOST_TEST(
        verifier->verify(keys.keys()[i < 3 ? 0 : 1].key.public_half(),
                         bytes_of(unit.digests).subspan(32 * i, 32),
                         bytes_of(result.signatures).subspan(64 * i, 64)));
  BOOST_TEST(counted.units == 1u);
  BOOST_TEST(counted.records == 5u);
}

BOOST_FIXTURE_TEST_CASE(told_to_wait_it_asks_again, fixture) {
  answer(0, answer_of(work_state::wait));
  run();
  BOOST_TEST(requests() == 3u);
  BOOST_TEST(asked(2).count == 2u);
}

BOOST_FIXTURE_TEST_CASE(it_ends_when_there_is_nothing_left, fixture) {
  const auto unit = unit_for(asked(0), {3});
  answer(0, unit);
  answer(1, answer_of(work_state::done));
  run();
  BOOST_TEST(alive());
  BOOST_REQUIRE_EQUAL(requests(), 3u);
  BOOST_TEST(asked(2).batches == unit.batches); // its last unit first
  BOOST_TEST(alive());
  answer(2,
         answer_of(asked(2).count > 0 ? work_state::done : work_state::taken));
  run();
  BOOST_TEST(requests() == 3u);
  check_ended();
}

BOOST_AUTO_TEST_CASE(over_a_long_way_more_units_are_under_way) {
  fixture f(4);
  BOOST_TEST(f.requests() == 2u);
  f.now += 100ms;
  f.answer_unit(0, {3});
  f.run();
  BOOST_TEST(f.requests() == 4u); // three outstanding
  f.now += 10ms;
  f.answer_unit(1, {3});
  f.run();
  BOOST_TEST(f.requests() == 6u);
  f.now += 10ms;
  f.answer_unit(2, {3});
  f.run();
  BOOST_TEST(f.requests() == 7u); // and never more than four
}

BOOST_FIXTURE_TEST_CASE(units_are_signed_in_the_order_of_arrival, fixture) {
  const auto second = unit_for(asked(1), {2});
  const auto first = unit_for(asked(0), {2});
  answer(1, second);
  answer(0, first);
  run();
  BOOST_REQUIRE_EQUAL(requests(), 4u);
  BOOST_TEST(asked(2).batches == second.batches);
  BOOST_TEST(asked(3).batches == first.batches);
}

BOOST_FIXTURE_TEST_CASE(leases_are_renewed_at_half_of_their_time, fixture) {
  const auto unit = unit_for(asked(0), {4'000}); // four chunks
  std::size_t chunks = 0;
  std::size_t early = 0;
  on_use = [&](const crypto::key_use& use) {
    if (use.begin)
      return;
    now += ++chunks == 1 ? 499ms : 1ms;
    if (chunks == 2)
      early = counted.renewals;
  };
  answer(0, unit);
  run();
  BOOST_TEST(early == 0u);
  BOOST_REQUIRE_EQUAL(script->renewals.size(), 1u); // asked once
  BOOST_TEST(counted.renewals == 1u);
  BOOST_TEST(script->renewals[0].request.leases == unit.leases);
  BOOST_TEST(script->renewals[0].request.nonce !=
             crypto::decode_leases(unit.leases).nonce);
}

BOOST_FIXTURE_TEST_CASE(what_was_renewed_lives_from_its_renewal, fixture) {
  const auto unit = unit_for(asked(0), {6'000});
  answer(0, unit);
  renew_while_signing([this](const auto& r) { return renewed(r); });
  BOOST_TEST(counted.units_late == 0u);
  BOOST_TEST(counted.renewals > 1u); // again at half of the renewed time
  BOOST_REQUIRE_EQUAL(requests(), 3u);
  BOOST_TEST(asked(2).batches == unit.batches);
  BOOST_TEST(asked(2).signatures.size() == 6'000u * 64);
  const auto returned = crypto::decode_leases(asked(2).returned);
  BOOST_REQUIRE_EQUAL(returned.leases.size(), 1u);
  BOOST_TEST(returned.nonce == script->renewals.back().request.nonce);
}

BOOST_FIXTURE_TEST_CASE(what_ran_out_is_thrown_away_and_its_keys_go_back,
                        fixture) {
  const auto unit = unit_for(asked(0), {3, 2});
  answer(0, unit);
  now += ttl;
  run();
  BOOST_TEST(counted.units_late == 1u);
  BOOST_TEST(counted.units == 0u);
  BOOST_REQUIRE_EQUAL(requests(), 3u);
  BOOST_TEST(asked(2).batches.empty());
  BOOST_TEST(asked(2).signatures.empty());
  BOOST_TEST(asked(2).returned == unit.leases);
  BOOST_TEST(alive());
}

BOOST_FIXTURE_TEST_CASE(a_unit_of_which_one_lease_is_not_renewed_runs_out,
                        fixture) {
  const auto unit = unit_for(asked(0), {4'000, 2'000});
  answer(0, unit);
  renew_while_signing([this](const auto& r) {
    auto part = crypto::decode_leases(r.leases);
    part.leases.pop_back();
    part.nonce = r.nonce;
    authority.sign(part);
    return actors::grant{crypto::encode(part)};
  });
  BOOST_TEST(counted.units_late == 1u);
  BOOST_TEST(counted.renewals == 1u);
  BOOST_REQUIRE_EQUAL(requests(), 3u);
  BOOST_TEST(asked(2).signatures.empty());
  BOOST_TEST(asked(2).returned == unit.leases);
}

BOOST_FIXTURE_TEST_CASE(a_renewal_that_comes_behind_the_result_is_no_harm,
                        fixture) {
  const auto unit = unit_for(asked(0), {3});
  answer(0, unit);
  now += 500ms;
  run();
  BOOST_REQUIRE_EQUAL(requests(), 3u);
  BOOST_REQUIRE_EQUAL(script->renewals.size(), 1u);
  renewal(renewed(script->renewals[0].request));
  run();
  BOOST_TEST(alive());
  BOOST_TEST(requests() == 3u);
}

BOOST_FIXTURE_TEST_CASE(drained_it_signs_what_it_holds_and_ends, fixture) {
  const auto unit = unit_for(asked(0), {3'000});
  answer(0, unit);
  step(2);
  drain();
  BOOST_REQUIRE_EQUAL(requests(), 3u);
  BOOST_TEST(asked(2).batches == unit.batches);
  BOOST_TEST(asked(2).count == 0u);
  answer(2, answer_of(work_state::taken));
  run();
  BOOST_TEST(alive()); // a unit may still come
  const auto late = unit_for(asked(1), {3});
  answer(1, late);
  run();
  BOOST_REQUIRE_EQUAL(requests(), 4u);
  BOOST_TEST(asked(3).returned == late.leases);
  BOOST_TEST(asked(3).batches.empty());
  BOOST_TEST(asked(3).count == 0u);
  BOOST_TEST(alive());
  answer(3, answer_of(work_state::taken));
  run();
  check_ended();
}

BOOST_FIXTURE_TEST_CASE(drained_it_waits_for_what_it_asked_and_no_more,
                        fixture) {
  drain();
  answer(0, answer_of(work_state::wait));
  run();
  BOOST_TEST(alive());
  fail(1, fault::busy);
  BOOST_TEST(requests() == 2u);
  check_ended();
}

BOOST_FIXTURE_TEST_CASE(told_busy_it_asks_again_a_little_later, fixture) {
  fail(0, fault::busy);
  fail(1, fault::busy);
  advance(actors::busy_pause - 1ms);
  BOOST_TEST(requests() == 2u);
  advance(1ms);
  BOOST_TEST(requests() == 4u);
  BOOST_TEST(alive());
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_malformed_is_the_end) {
  using changes = std::function<void(actors::work_answer&)>;
  const std::vector<changes> all{
      [](auto& a) { a.state = 0; },
      [](auto& a) { a.state = 9; },
      [](auto& a) { a.leases.clear(); },
      [](auto& a) { a.leases.pop_back(); },
      [](auto& a) { a.leases = std::string(101, '\xff'); },
      [](auto& a) { a.leases.resize(101); },
      [](auto& a) { a.batches.pop_back(); },
      [](auto& a) { a.batches += a.batches; },
      [](auto& a) { a.batches[7] ^= 1; },
      [](auto& a) { a.digests.pop_back(); },
      [](auto& a) { a.digests.clear(); },
  };
  for (const auto& change : all) {
    fixture f;
    auto unit = f.unit_for(f.asked(0), {3, 2});
    change(unit);
    f.answer(0, unit);
    f.run();
    f.check_ended(fault::malformed);
    BOOST_TEST(f.counted.records == 0u);
  }
}

BOOST_FIXTURE_TEST_CASE(a_malformed_renewal_is_the_end, fixture) {
  answer_unit(0, {6'000});
  renew_while_signing([](const auto&) { return actors::grant{"not a lease"}; });
  check_ended(fault::malformed);
  BOOST_TEST(counted.records == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_lease_that_is_not_for_this_vault_is_the_end,
                        fixture) {
  auto unit = unit_for(asked(0), {3});
  unit.leases.front() ^= 1; // of the token
  answer(0, unit);
  run();
  check_ended(fault::internal);
  BOOST_TEST(contains(actors::sentence(**end), "lease"));
  BOOST_TEST(counted.records == 0u);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_coordinator_is_the_end) {
  for (const auto why :
       {fault::commit_failed, fault::malformed, fault::refused}) {
    fixture f;
    f.fail(0, why);
    f.check_ended(why);
  }
}

BOOST_FIXTURE_TEST_CASE(no_answer_is_a_lost_connection, fixture) {
  advance(actors::gateway_timeout - 1ms);
  BOOST_TEST(alive());
  advance(1ms);
  BOOST_REQUIRE(!alive());
  BOOST_TEST(bool(**end));
}

BOOST_AUTO_TEST_CASE(on_a_faulty_core_it_ends_and_hands_nothing_in) {
  fixture f(2, true);
  f.answer_unit(0, {3, 4});
  f.run();
  BOOST_REQUIRE(f.end->has_value());
  BOOST_TEST((**f.end == fault::wrong_signature), actors::sentence(**f.end));
  for (const auto& call : f.script->work)
    BOOST_TEST(call.request.signatures.empty());
}

BOOST_AUTO_TEST_SUITE_END()
