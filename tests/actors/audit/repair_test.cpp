// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/repair.hpp"

#include "actors/audit/wrong_list.hpp"
#include "tests/actors/repair_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(repair_test)

using namespace chancery;
using namespace chancery::tests;

namespace {

actors::wrong_list list_of(const repair_fixture& f) {
  std::atomic<std::uint64_t> done{0};
  const std::atomic<bool> never{false};
  return actors::list_wrong(*f.store, crypto::public_half(f.keys), 2, done,
                            never);
}

/// All signatures but those of `left_out`.
std::string signatures_without(const repair_fixture& f,
                               std::uint64_t left_out) {
  std::string all;
  for (std::uint64_t id = 0; id < repair_fixture::records; ++id)
    if (id != left_out)
      all += f.signature(id);
  return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(wrong_signatures_are_listed_with_their_lease) {
  repair_fixture f;
  BOOST_TEST(list_of(f).signatures.empty());
  f.damage(37);
  f.change_record(4, "changed");
  const auto list = list_of(f);
  BOOST_TEST(list.verified.wrong == 2u);
  BOOST_TEST(list.verified.checked == repair_fixture::records);
  BOOST_REQUIRE(list.signatures.size() == 2u);
  BOOST_TEST(list.signatures[0].wrong.record == 4u);
  BOOST_TEST(list.signatures[1].wrong.record == 37u);
  BOOST_TEST((list.signatures[1].wrong.batch == f.row_of(37)));
  BOOST_TEST(list.signatures[1].worker == "");
}

BOOST_AUTO_TEST_CASE(the_list_names_the_worker) {
  auto h = honest_history();
  h.epoch(0).remote_possible = true;
  h.lease(4).remote = true;
  h.lease(4).borrower = "w1";
  repair_fixture f(h);
  f.damage(25);
  const auto list = list_of(f);
  BOOST_REQUIRE(list.signatures.size() == 1u);
  BOOST_TEST(list.signatures[0].worker == "w1");
}

BOOST_AUTO_TEST_CASE(exactly_the_wrong_signature_is_withdrawn) {
  repair_fixture f;
  const auto old = f.row_of(33);
  f.damage(33);
  const auto wrong = f.signature(33);
  const auto others = signatures_without(f, 33);
  const auto result = f.withdraw({{30, 39}});
  BOOST_TEST(result.withdrawn == 1u);
  BOOST_TEST(result.batches == 1u);
  BOOST_TEST(result.verified == 9u);
  BOOST_TEST(result.unsigned_records == 0u);
  BOOST_TEST(result.unknown == 0u);
  BOOST_TEST(!f.store->read().signature(33).has_value());
  BOOST_TEST(signatures_without(f, 33) == others);
  const auto kept = f.store->read().withdrawn_of(33);
  BOOST_REQUIRE(kept.size() == 1u);
  BOOST_TEST((kept[0].batch == old));
  BOOST_TEST(kept[0].reason == "a test");
  BOOST_TEST(std::ranges::equal(bytes_of(wrong), kept[0].signature));
  for (const std::uint64_t id : {30U, 34U}) {
    const auto piece = f.row_of(id);
    BOOST_TEST(piece.fence == old.fence);
    BOOST_TEST((piece.key == old.key));
    BOOST_TEST((piece.reason == storage::short_reason::withdrawn));
  }
}

BOOST_AUTO_TEST_CASE(the_next_run_signs_what_was_withdrawn) {
  repair_fixture f;
  f.damage(9);
  f.damage(10);
  BOOST_TEST(f.withdraw({{0, 59}}).withdrawn == 2u);
  f.expect_passed();
  BOOST_TEST(f.audit().unsigned_records == 2u);
  f.sign();
  BOOST_TEST(list_of(f).signatures.empty());
  BOOST_TEST(f.store->read().signature_count() == repair_fixture::records);
  f.expect_passed();
  // Both in one batch of their own.
  BOOST_TEST((f.row_of(9) == f.row_of(10)));
  BOOST_TEST(f.row_of(9).count == 2u);
}

BOOST_AUTO_TEST_CASE(a_signature_that_verifies_is_never_withdrawn) {
  repair_fixture f;
  const auto events = f.store->read().event_count();
  const auto result = f.withdraw({{0, 59}});
  BOOST_TEST(result.withdrawn == 0u);
  BOOST_TEST(result.verified == repair_fixture::records);
  BOOST_TEST(f.store->read().event_count() == events);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_in_the_keyring_proves_nothing) {
  repair_fixture f;
  f.damage(3);
  f.keys = crypto::keyring(crypto::curve::p256, 1, crypto::system_random());
  const auto result = f.withdraw({{0, 9}});
  BOOST_TEST(result.withdrawn == 0u);
  BOOST_TEST(result.unknown == 10u);
}

BOOST_AUTO_TEST_CASE(a_signature_may_be_withdrawn_again_and_again) {
  repair_fixture f;
  for (std::size_t i = 1; i <= 3; ++i) {
    f.damage(5);
    f.damage(5 + i); // of the piece that the turn before left
    BOOST_TEST(f.withdraw({{0, 59}}).withdrawn == 2u);
    f.expect_passed();
    f.sign();
    f.expect_passed();
    BOOST_TEST(f.store->read().withdrawn_of(5).size() == i);
  }
  BOOST_TEST(f.audit().withdrawn == 6u);
}

BOOST_AUTO_TEST_CASE(a_whole_batch_may_be_withdrawn) {
  repair_fixture f;
  for (std::uint64_t id = 20; id < 30; ++id)
    f.damage(id);
  BOOST_TEST(f.withdraw({{0, 59}}).withdrawn == 10u);
  f.expect_passed();
  f.sign();
  f.expect_passed();
  BOOST_TEST(f.row_of(20).count == 10u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_withdrawn_is_refused) {
  repair_fixture f;
  f.damage(5);
  BOOST_CHECK_THROW(f.withdraw({{5, 5}, {60, 60}}), std::invalid_argument);
  const auto without_reason = [&] {
    const actors::id_range id{5, 5};
    actors::withdraw_wrong(*f.store, crypto::public_half(f.keys), {&id, 1}, {});
  };
  BOOST_CHECK_THROW(without_reason(), std::invalid_argument);
  BOOST_TEST(f.store->read().withdrawn_count() == 0u);
  f.withdraw({{5, 5}});
  BOOST_TEST(f.withdraw({{5, 5}}).unsigned_records == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
