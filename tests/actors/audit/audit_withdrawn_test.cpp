// SPDX-License-Identifier: Apache-2.0

// What the audit accepts and finds where signatures were withdrawn, and what it
// says about signatures from other hosts.

#include "actors/audit/worker_policies.hpp"
#include "tests/actors/repair_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(audit_withdrawn_test)

using namespace chancery;
using namespace chancery::tests;
using storage::short_reason;

namespace {

std::string unseen(const actors::audit_report& report) {
  std::string text;
  for (const auto& sentence : report.cannot_see)
    text += sentence + "\n";
  return text;
}

/// One signature of batch 30 is withdrawn: 30+3 and 34+6 are left.
struct withdrawn_fixture : repair_fixture {
  withdrawn_fixture() {
    damage(33);
    withdraw({{33, 33}});
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_withdrawal_passes_and_is_counted) {
  const withdrawn_fixture f;
  f.expect_passed();
  const auto report = f.audit();
  BOOST_TEST(report.withdrawn == 1u);
  BOOST_TEST(report.signatures == repair_fixture::records - 1);
  BOOST_TEST(contains(unseen(report), "whether a withdrawn signature verifies "
                                      "over other bytes"));
  BOOST_TEST(!contains(unseen(repair_fixture().audit()), "withdrawn"));
}

BOOST_AUTO_TEST_CASE(a_right_signature_that_was_withdrawn_is_found) {
  repair_fixture f;
  f.withdraw_blindly(30, {33});
  f.expect_found("one_signature_per_record: record 33: its signature withdrawn "
                 "from batch 30 is valid under key");
  f.sign(); // now there are two
  f.expect_found("record 33: its signature withdrawn from batch 30 is valid");
}

BOOST_AUTO_TEST_CASE(a_withdrawn_signature_that_verifies_again_is_found) {
  repair_fixture f;
  f.change_record(33, "changed");
  f.withdraw({{33, 33}});
  f.expect_passed();
  f.change_record(33, record_of(33));
  f.expect_found("record 33: its signature withdrawn from batch 30 is valid");
}

BOOST_AUTO_TEST_CASE(pieces_without_an_event_are_found) {
  repair_fixture f;
  auto row = f.row_of(30);
  row.reason = short_reason::withdrawn;
  row.count = 4;
  f.put_row(row);
  row.first = 34;
  row.count = 6;
  f.put_row(row);
  f.expect_found("batch_size_fixed: batch 30, record 30: short because others "
                 "were withdrawn, but the journal withdraws none");
  f.expect_found("one_key_per_batch: batch 34, record 34: lease");
}

BOOST_AUTO_TEST_CASE(other_pieces_than_the_event_leaves_are_found) {
  withdrawn_fixture f;
  auto row = f.row_of(34);
  row.count = 2;
  f.put_row(row);
  row.first = 36;
  row.count = 4;
  f.put_row(row);
  f.expect_found("batch 34, record 34: lease");
  f.expect_found("no withdrawal left");
}

BOOST_AUTO_TEST_CASE(a_piece_that_is_missing_is_found) {
  withdrawn_fixture f;
  f.put("batches", number_64(34), std::nullopt);
  for (std::uint64_t id = 34; id < 40; ++id)
    f.put("signatures", number_64(id), std::nullopt);
  f.expect_found("one_key_per_batch: batch 34, record 34: what a withdrawal "
                 "left of lease");
}

BOOST_AUTO_TEST_CASE(a_piece_by_another_key_is_found) {
  withdrawn_fixture f;
  auto row = f.row_of(34);
  row.key = f.row_of(0).key == row.key ? f.row_of(10).key : f.row_of(0).key;
  f.put_row(row);
  f.expect_found("one_key_per_batch: batch 34, record 34: lease");
}

BOOST_AUTO_TEST_CASE(a_second_batch_under_a_withdrawn_lease_is_found) {
  withdrawn_fixture f;
  auto row = f.row_of(34);
  row.first = 33;
  row.count = 1;
  f.put_row(row);
  f.put("signatures", number_64(33), f.signature(34));
  f.expect_found("batch 33, record 33: lease");
}

BOOST_AUTO_TEST_CASE(a_withdrawn_signature_without_its_event_is_found) {
  withdrawn_fixture f;
  const auto row = f.store->read().withdrawn_of(33).at(0);
  auto other = row;
  other.record = 34;
  f.put("withdrawn", storage::withdrawn_key(34, row.event),
        storage::encode(other));
  f.expect_found("journal_whole: record 34: event");
}

BOOST_AUTO_TEST_CASE(an_event_without_its_withdrawn_signature_is_found) {
  withdrawn_fixture f;
  const auto row = f.store->read().withdrawn_of(33).at(0);
  f.put("withdrawn", storage::withdrawn_key(33, row.event), std::nullopt);
  f.expect_found("withdraws 1 signatures of batch 30, but 0 are stored");
}

BOOST_AUTO_TEST_CASE(a_batch_that_ends_before_a_withdrawn_one_passes) {
  // Batch 15 is short, as record 20 was signed when it was made.
  repair_fixture f(crashed_history());
  for (std::uint64_t id = 20; id < 30; ++id)
    f.damage(id);
  BOOST_TEST(f.withdraw({{0, 44}}).withdrawn == 10u);
  f.expect_passed();
  f.sign();
  f.expect_passed();
}

BOOST_AUTO_TEST_CASE(what_was_not_verified_of_other_hosts_is_said_per_epoch) {
  using storage::worker_policy;
  forged_history h;
  const auto epoch = [&](std::uint32_t number, worker_policy policy,
                         std::uint32_t share) {
    h.open(number, 10, {0, 1, 2, 3});
    h.epoch(h.events.size() - 1).remote_possible = true;
    if (policy != worker_policy::none)
      h.events.emplace_back(storage::workers_verified{number, policy, share});
    h.lend(fence_of(number, 1), 0);
    h.lease(h.events.size() - 1).remote = true;
    h.give_back(fence_of(number, 1));
    h.lend(fence_of(number, 2), 1);
    h.lend(fence_of(number, 3), 2);
    h.lend(fence_of(number, 4), 3);
    for (std::uint32_t n = 2; n <= 4; ++n)
      h.give_back(fence_of(number, n));
  };
  epoch(1, worker_policy::all, 1);
  auto report = h.audit();
  BOOST_TEST(report.passed, violations(report));
  BOOST_TEST(!contains(unseen(report), "other hosts"), unseen(report));
  epoch(2, worker_policy::none, 1);
  epoch(3, worker_policy::sample, 100);
  epoch(4, worker_policy::none, 1);
  epoch(5, worker_policy::none, 1);
  report = h.audit();
  BOOST_TEST(report.passed, violations(report));
  BOOST_TEST(contains(unseen(report),
                      "epochs 2, 4-5 verified nothing that other hosts"),
             unseen(report));
  BOOST_TEST(contains(unseen(report), "epoch 3 verified one in 100 of the"),
             unseen(report));
}

BOOST_AUTO_TEST_SUITE_END()
