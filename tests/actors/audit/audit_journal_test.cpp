// SPDX-License-Identifier: Apache-2.0

// What the audit finds in the journal. Each case changes an honest history.

#include "tests/actors/forged_history.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(audit_journal_test)

using namespace chancery;
using namespace chancery::tests;

BOOST_AUTO_TEST_CASE(a_key_that_is_lent_while_it_is_out_is_found) {
  auto h = honest_history();
  h.events.resize(2);
  h.batches.resize(1);
  h.lend(fence_of(1, 2), 0);
  h.sign(fence_of(1, 2), 0, 10, 10);
  expect_broken(h, "key_exclusive",
                "lease 1.2 lends a key that lease 1.1 holds");
}

BOOST_AUTO_TEST_CASE(a_lease_of_another_than_the_oldest_idle_key_is_found) {
  auto h = honest_history();
  // Two keys swap their places.
  h.lease(4).key = h.key(3);
  h.lease(6).key = h.key(2);
  h.batches[2].row.key = h.key(3);
  h.batches[2].signing_key = 3;
  h.batches[3].row.key = h.key(2);
  h.batches[3].signing_key = 2;
  expect_broken(h, "least_recently_used_first",
                "lease 1.3 did not take the least recently used key");
}

BOOST_AUTO_TEST_CASE(a_return_that_is_told_too_early_is_found) {
  auto h = honest_history();
  // Key 0 came back after key 1, so the order differs.
  std::swap(h.events[3], h.events[5]);
  h.events.resize(6);
  h.batches.resize(3);
  BOOST_TEST(h.audit().passed);
  h.lend(fence_of(1, 4), 3);
  h.lend(fence_of(1, 5), 0);
  expect_broken(h, "least_recently_used_first", "lease 1.5");
}

BOOST_AUTO_TEST_CASE(a_first_epoch_out_of_keyring_order_is_found) {
  auto h = honest_history();
  h.events.clear();
  h.batches.clear();
  h.open(1, 10, {0, 2, 1, 3});
  expect_broken(h, "least_recently_used_first",
                "epoch 1 does not begin with the required key order");
}

BOOST_AUTO_TEST_CASE(an_epoch_that_forgets_the_order_of_the_last_is_found) {
  auto h = crashed_history();
  h.events.resize(4);
  h.batches.resize(1);
  h.open(2, 10, {0, 1, 2, 3});
  expect_broken(h, "least_recently_used_first", "epoch 2 does not begin");
}

BOOST_AUTO_TEST_CASE(an_epoch_that_leaves_out_an_active_key_is_found) {
  auto h = crashed_history();
  h.events.resize(4);
  h.batches.resize(1);
  h.open(2, 10, {3, 0, 2});
  expect_broken(h, "least_recently_used_first",
                "epoch 2 leaves out key " + crypto::to_text(h.key(1)) +
                    ", which is active");
  // It may, once that key is retired.
  h.keys.retire(h.key(1));
  BOOST_TEST(h.audit().passed, violations(h.audit()));
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_in_the_keyring_is_found) {
  auto h = honest_history();
  h.known = keyring_of(3); // without the one that signed the batch at 30
  const auto found = violations(h.audit());
  BOOST_TEST(contains(found, "journal_whole: epoch 1 lends keys that are not "
                             "in the keyring"),
             found);
  BOOST_TEST(contains(found, "record 30: key " + crypto::to_text(h.key(3)) +
                                 " of batch 30 is not in the keyring"),
             found);
}

BOOST_AUTO_TEST_CASE(a_closed_epoch_that_lends_is_found) {
  auto h = honest_history();
  h.events.erase(h.events.begin() + 9, h.events.begin() + 11);
  std::swap(h.events[8], h.events[9]);
  const auto found = violations(h.audit());
  BOOST_TEST(contains(found, "journal_whole: lease 1.5 is lent outside"),
             found);
}

BOOST_AUTO_TEST_CASE(a_return_after_the_end_of_its_epoch_is_found) {
  auto h = honest_history();
  std::swap(h.events[10], h.events[11]);
  expect_broken(h, "journal_whole", "lease 1.5 is returned but was not out");
}

BOOST_AUTO_TEST_CASE(an_event_that_was_taken_out_is_found) {
  auto h = honest_history();
  h.events.erase(h.events.begin() + 3); // a return
  const auto found = violations(h.audit());
  BOOST_TEST(contains(found, "key_exclusive: lease 1.5 lends a key that lease "
                             "1.1 holds"),
             found);
}

BOOST_AUTO_TEST_CASE(a_journal_that_begins_too_late_is_found) {
  auto h = honest_history();
  h.events.erase(h.events.begin());
  const auto found = violations(h.audit());
  BOOST_TEST(contains(found, "journal_whole: lease 1.1 is lent outside"),
             found);
  BOOST_TEST(contains(found, "batch_size_fixed: batch 0, record 0: the journal "
                             "has no epoch 1"),
             found);
}

BOOST_AUTO_TEST_CASE(an_epoch_that_opens_again_is_found) {
  auto h = honest_history();
  h.open(1, 10, {1, 2, 3, 0});
  expect_broken(h, "journal_whole", "epoch 1 opens after epoch 1");
}

BOOST_AUTO_TEST_SUITE_END()
