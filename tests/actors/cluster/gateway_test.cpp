// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/gateway.hpp"

#include "tests/actors/gateway_fixture.hpp"

BOOST_AUTO_TEST_SUITE(gateway_test)

using namespace chancery;
using namespace chancery::tests;
using actors::fault;
using actors::work_state;

namespace {

using fixture = gateway_fixture;

} // namespace

BOOST_FIXTURE_TEST_CASE(a_unit_goes_out_and_its_result_is_stored, fixture) {
  const auto w = connected();
  const auto a = work(w, asking(2));
  const auto unit = unit_in(a);
  BOOST_TEST(a->value->digests.size() == 20u * 32);
  const auto set = crypto::decode_leases(unit.leases);
  BOOST_TEST(set.leases.size() == 2u);
  BOOST_TEST(set.remote);
  BOOST_TEST(set.ttl_ms == 10'000u);
  BOOST_TEST(set.nonce == 5u);
  BOOST_TEST(set.instance[0] == 'i');
  BOOST_TEST(progress.keys_out == 2u);
  const auto next = unit_in(work(w, handing_in(unit, 1)));
  BOOST_TEST(actors::decode_unit_batches(next.batches)[0].first == 20u);
  BOOST_TEST(progress.keys_out == 1u);
  check(work(w, handing_in(next, 0)), work_state::taken);
  BOOST_TEST(progress.keys_out == 0u);
  BOOST_TEST(stored() == 30u);
  BOOST_TEST(progress.late_results == 0u);
  BOOST_TEST(progress.late_returns == 0u);
  const auto lent = std::get<storage::leases_lent>(journal().front());
  BOOST_TEST(lent.borrower == "w1");
}

BOOST_FIXTURE_TEST_CASE(no_unit_has_more_leases_than_is_allowed, fixture) {
  const auto unit = take(connected(), 4'000'000'000);
  BOOST_TEST(crypto::decode_leases(unit.leases).leases.size() == 2u);
}

BOOST_AUTO_TEST_CASE(without_keys_a_request_waits_for_a_time) {
  fixture f({.keys = 2});
  const auto unit = f.take(f.connected("other"), 2);
  const auto w = f.connected();
  const auto a = f.work(w, asking(1));
  f.advance(1'999ms);
  BOOST_TEST(a->pending());
  f.advance(1ms);
  f.check(a, work_state::wait);
  BOOST_TEST(a->value->waited_ms == 2'000u);
  BOOST_TEST(f.progress.leases == 2u);
}

BOOST_AUTO_TEST_CASE(keys_that_come_back_go_to_who_waits) {
  fixture f({.keys = 2});
  const auto other = f.connected("other");
  const auto unit = f.take(other, 2);
  const auto a = f.work(f.connected(), asking(1));
  f.advance(500ms);
  f.work(other, handing_in(unit, 0));
  f.unit_in(a);
  BOOST_TEST(a->value->waited_ms == 500u);
}

BOOST_AUTO_TEST_CASE(without_a_range_a_request_waits_and_its_keys_go_back) {
  fixture f({.records = 20});
  const auto unit = f.take(f.connected("other"), 2);
  const auto w = f.connected();
  const auto a = f.work(w, asking(1));
  f.advance(1'999ms);
  BOOST_TEST(a->pending());
  BOOST_TEST(f.progress.keys_out == 3u);
  f.advance(1ms);
  f.check(a, work_state::wait);
  BOOST_TEST(f.progress.keys_out == 2u);
  BOOST_TEST(f.progress.leases_lost == 0u);
  // The range that becomes free now is not assigned to the returned keys.
  f.advance(12s);
  f.take(w, 2);
}

BOOST_AUTO_TEST_CASE(nobody_waits_longer_than_a_quarter_of_its_leases_time) {
  fixture f({.keys = 2, .ttl_ms = 1'000});
  f.take(f.connected("other"), 2);
  const auto a = f.work(f.connected(), asking(1));
  f.advance(249ms);
  BOOST_TEST(a->pending());
  f.advance(1ms);
  f.check(a, work_state::wait);
}

BOOST_AUTO_TEST_CASE(it_says_when_there_is_nothing_left) {
  fixture f({.records = 20});
  const auto w = f.connected();
  const auto unit = f.take(w, 2);
  BOOST_TEST(!f.progress.workers.all_told_end());
  const auto a = f.work(w, handing_in(unit, 1));
  f.advance(10ms);
  f.check(a, work_state::done);
  BOOST_TEST(a->value->leases.empty());
  BOOST_TEST(f.progress.keys_out == 0u);
  BOOST_TEST(f.stored() == 20u);
  // Sending `done` does not mean that it arrived.
  BOOST_TEST(!f.progress.workers.all_told_end());
  caf::anon_send(w.gateway, actors::bye_atom_v);
  f.run();
  BOOST_TEST(f.progress.workers.all_told_end());
}

BOOST_AUTO_TEST_CASE(at_closing_it_says_that_there_is_nothing_left) {
  fixture f({.keys = 2});
  f.take(f.connected("other"), 2);
  const auto w = f.connected();
  const auto waiting = f.work(w, asking(1));
  f.new_asker().ask<std::uint64_t>(f.keyring, actors::close_atom_v);
  f.run();
  f.check(waiting, work_state::done);
  f.check(f.work(w, asking(1)), work_state::done);
}

BOOST_AUTO_TEST_CASE(a_failed_run_is_said) {
  fixture f;
  const auto w = f.connected();
  caf::anon_send_exit(f.dispatcher, caf::exit_reason::kill);
  f.run();
  const auto a = f.work(w, asking(1));
  BOOST_TEST(!a->pending());
  BOOST_TEST(!a->value.has_value());
  BOOST_TEST(f.progress.keys_out == 0u);
}

BOOST_FIXTURE_TEST_CASE(another_connections_result_is_refused_and_counted,
                        fixture) {
  const auto one = connected("w1");
  const auto again = connected("w1"); // even of the same worker
  const auto unit = take(one, 2);
  check(work(again, handing_in(unit, 0)), work_state::taken);
  BOOST_TEST(progress.late_results == 1u);
  BOOST_TEST(progress.late_returns == 2u);
  BOOST_TEST(progress.keys_out == 2u);
  BOOST_TEST(stored() == 0u);
  work(one, handing_in(unit, 0));
  BOOST_TEST(stored() == 20u);
  BOOST_TEST(progress.late_results == 1u);
}

BOOST_FIXTURE_TEST_CASE(what_was_handed_in_once_is_not_taken_again, fixture) {
  const auto w = connected();
  const auto unit = take(w, 2);
  work(w, handing_in(unit, 0));
  check(work(w, handing_in(unit, 0)), work_state::taken);
  BOOST_TEST(progress.late_results == 1u);
  BOOST_TEST(progress.late_returns == 2u);
  BOOST_TEST(stored() == 20u);
}

BOOST_FIXTURE_TEST_CASE(a_unit_is_refused_whole_when_one_lease_is_anothers,
                        fixture) {
  const auto one = connected("w1");
  auto unit = take(one, 1);
  unit.batches += take(connected("w2"), 1).batches;
  work(one, handing_in(unit, 0, false));
  BOOST_TEST(progress.late_results == 1u);
  BOOST_TEST(stored() == 0u);
}

BOOST_AUTO_TEST_CASE(too_many_requests_that_wait_are_busy) {
  fixture f({.keys = 2});
  const auto other = f.connected("other");
  const auto unit = f.take(other, 2);
  const auto w = f.connected();
  const auto a = f.work(w, asking(1));
  const auto b = f.work(w, asking(1));
  check_fault(*f.work(w, asking(1)), fault::busy);
  BOOST_TEST(a->pending());
  f.work(other, handing_in(unit, 0));
  f.unit_in(a);
  f.unit_in(b);
  // Neither request waits any longer.
  const auto c = f.work(w, asking(1));
  BOOST_TEST(c->pending());
}

BOOST_FIXTURE_TEST_CASE(too_many_leases_out_are_busy_but_results_are_taken,
                        fixture) {
  const auto w = connected();
  const auto first = take(w, 2);
  const auto second = take(w, 2);
  check_fault(*work(w, asking(1)), fault::busy);
  check_fault(*work(w, handing_in(first, 1, false)), fault::busy);
  BOOST_TEST(stored() == 20u);
  BOOST_TEST(row().records == 20u);
  BOOST_TEST(progress.keys_out == 4u);
  auto back = asking(1);
  back.returned = first.leases;
  unit_in(work(w, back));
}

BOOST_AUTO_TEST_CASE(keys_that_came_with_a_busy_request_are_taken_back) {
  fixture f({.keys = 3, .units_max = 1});
  const auto other = f.connected("other");
  f.take(other, 1);
  const auto w = f.connected();
  const auto unit = f.take(w, 1);
  f.take(f.connected("third"), 1); // all three keys are out
  const auto waiting = f.work(w, asking(1));
  BOOST_TEST(waiting->pending());
  auto back = asking(1);
  back.returned = unit.leases;
  const auto busy = f.work(w, back);
  check_fault(*busy, fault::busy);
  f.unit_in(waiting); // with the key that came back
}

BOOST_FIXTURE_TEST_CASE(a_worker_renews_its_leases, fixture) {
  const auto w = connected();
  const auto unit = take(w, 2);
  advance(11'999ms);
  const auto renewed = renew(w, unit.leases);
  BOOST_REQUIRE(renewed->value);
  BOOST_TEST(crypto::decode_leases(renewed->value->leases).nonce == 9u);
  advance(11'999ms);
  BOOST_TEST(progress.keys_out == 2u);
  work(w, handing_in({renewed->value->leases, unit.batches}, 0));
  BOOST_TEST(progress.late_results == 0u);
  BOOST_TEST(stored() == 20u);
}

BOOST_FIXTURE_TEST_CASE(nobody_renews_anothers_lease, fixture) {
  const auto unit = take(connected("w1"), 1);
  check_fault(*renew(connected("w2"), unit.leases), fault::malformed);
  advance(12'000ms);
  BOOST_TEST(progress.keys_out == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_renewal_that_crosses_the_return_leaves_nothing_out,
                        fixture) {
  const auto w = connected();
  const auto unit = take(w, 2);
  w.who->ask<actors::grant>(w.gateway, actors::renew_atom_v,
                            actors::renew_request{9, unit.leases});
  work(w, handing_in(unit, 0));
  BOOST_TEST(progress.keys_out == 0u);
  work(w, asking(0));
  BOOST_TEST(row().leases_out == 0u);
}

BOOST_FIXTURE_TEST_CASE(malformed_strings_are_answered_and_end_nothing,
                        fixture) {
  const auto w = connected();
  const auto unit = take(w, 1);
  for (const auto& bytes :
       {std::string("x"), std::string(100, '\0'), std::string(101, '\xff'),
        std::string(20, '\xff') + "x", unit.leases + "x"}) {
    auto batches = asking(1);
    batches.batches = bytes;
    auto returned = asking(1);
    returned.returned = bytes;
    check_fault(*work(w, returned), fault::malformed);
    check_fault(*renew(w, bytes), fault::malformed);
    if (bytes.size() % actors::unit_batch::wire_size != 0)
      check_fault(*work(w, batches), fault::malformed);
  }
  BOOST_TEST(stored() == 0u);
  take(w, 2);
}

BOOST_FIXTURE_TEST_CASE(its_end_leaves_its_leases_out_until_they_run_out,
                        fixture) {
  const auto w = connected();
  take(w, 2);
  kill(w);
  BOOST_TEST(progress.workers.rows().empty());
  BOOST_TEST(progress.keys_out == 2u);
  advance(11'999ms);
  BOOST_TEST(progress.keys_out == 2u);
  advance(1ms);
  BOOST_TEST(progress.keys_out == 0u);
  BOOST_TEST(progress.leases_lost == 2u);
  // Their ranges go to the next worker.
  const auto unit = take(connected("w2"), 2);
  BOOST_TEST(actors::decode_unit_batches(unit.batches)[0].first == 0u);
}

BOOST_FIXTURE_TEST_CASE(the_tables_row_comes_counts_and_goes, fixture) {
  const auto w = connected("w7");
  BOOST_TEST(row().name == "w7");
  BOOST_TEST(row().records == 0u);
  const auto unit = take(w, 2);
  BOOST_TEST(row().leases_out == 2u);
  work(w, handing_in(unit, 0));
  BOOST_TEST(row().records == 20u);
  BOOST_TEST(row().leases_out == 0u);
  take(w, 1);
  advance(12'001ms); // its lease has expired
  work(w, asking(0));
  BOOST_TEST(row().leases_out == 0u);
  BOOST_TEST(!row().told_end);
  kill(w);
  BOOST_TEST(progress.workers.rows().empty());
}

// 20 records that have waited enough, and none more.
BOOST_AUTO_TEST_CASE(in_a_service_an_idle_worker_writes_no_journal) {
  fixture f({.records = 20, .service = actors::waiting_terms{250, 20}});
  const auto w = f.connected();
  const auto unit = f.take(w, 2);
  f.check(f.work(w, handing_in(unit, 0)), work_state::taken);
  f.advance(10ms);
  BOOST_TEST(f.stored() == 20u);
  const auto events = f.journal().size();
  for (int i = 0; i < 5; ++i) {
    const auto idle = f.work(w, asking(2));
    f.advance(1'999ms);
    BOOST_TEST(idle->pending());
    f.advance(1ms);
    f.check(idle, work_state::wait);
  }
  BOOST_TEST(f.journal().size() == events);
  BOOST_TEST(f.progress.keys_out == 0u);
}

BOOST_AUTO_TEST_CASE(in_a_service_nobody_is_told_that_all_is_done) {
  fixture f({.records = 20, .service = actors::waiting_terms{250, 20}});
  const auto w = f.connected();
  const auto waiting = f.take(f.connected("other"), 2);
  const auto a = f.work(w, asking(1));
  caf::anon_send(f.dispatcher, actors::drain_atom_v);
  f.run();
  f.check(a, work_state::wait);
}

BOOST_AUTO_TEST_SUITE_END()
