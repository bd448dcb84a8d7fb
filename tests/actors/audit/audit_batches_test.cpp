// SPDX-License-Identifier: Apache-2.0

// What the audit finds in batches and signatures. Each case changes an honest
// history.

#include "tests/actors/forged_history.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(audit_batches_test)

using namespace chancery;
using namespace chancery::tests;
using storage::short_reason;

BOOST_AUTO_TEST_CASE(a_batch_over_the_batch_size_is_found) {
  auto h = honest_history();
  h.epoch(0).batch_size = 9;
  h.batches.resize(1);
  expect_broken(h, "batch_size_fixed",
                "batch 0, record 0: 10 records, over the batch size 9");
}

BOOST_AUTO_TEST_CASE(a_short_batch_without_a_reason_is_found) {
  auto h = honest_history();
  h.batches[4].row.reason = short_reason::full;
  expect_broken(h, "batch_size_fixed",
                "batch 40, record 40: 5 records of 10 without a reason");
}

BOOST_AUTO_TEST_CASE(a_batch_that_claims_an_end_which_was_none_is_found) {
  auto h = honest_history();
  h.batches[1].row.count = 9;
  h.batches[1].row.reason = short_reason::end;
  expect_broken(h, "batch_size_fixed", "batch 10, record 10: short because");
  // The end of a table that grew later does not count, either.
  h = honest_history();
  h.epoch(0).records = 46;
  expect_broken(h, "batch_size_fixed", "batch 40, record 40: short because");
}

BOOST_AUTO_TEST_CASE(a_batch_that_claims_a_gap_which_was_none_is_found) {
  auto h = honest_history();
  h.batches[1].row.count = 9;
  h.batches[1].row.reason = short_reason::gap;
  expect_broken(h, "batch_size_fixed", "batch 10, record 10: short before");
  // The batch after it is newer, so nothing was in the way then.
  h = crashed_history();
  h.batches[0].row.fence = fence_of(2, 3);
  h.batches[0].row.key = h.key(1);
  h.batches[0].signing_key = 1;
  h.batches[0].row.reason = short_reason::gap;
  h.lend(fence_of(2, 3), 1);
  const auto found = violations(h.audit());
  BOOST_TEST(contains(found, "batch 15, record 15: short before"), found);
}

BOOST_AUTO_TEST_CASE(a_full_batch_that_claims_to_be_short_is_found) {
  auto h = honest_history();
  h.batches[1].row.reason = short_reason::gap;
  expect_broken(h, "batch_size_fixed", "batch 10, record 10: a full batch");
}

BOOST_AUTO_TEST_CASE(a_batch_that_claims_to_have_waited_is_found) {
  auto h = honest_history();
  h.batches[4].row.reason = short_reason::waited;
  expect_broken(h, "batch_size_fixed",
                "batch 40, record 40: short because it waited for records, "
                "which its epoch does not do");
}

namespace {

/// The last records came at 1,000 ms to a service that lets them wait 250 ms.
forged_history service_history(std::uint64_t batch_time_ms) {
  auto h = honest_history();
  h.epoch(0).max_wait_ms = 250;
  h.epoch(0).records = 40;
  h.arrival = {40, 5, 1'000};
  h.batches[4].row.reason = short_reason::waited;
  h.batches[4].row.time_ms = batch_time_ms;
  return h;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_batch_of_a_service_may_be_short_once_it_has_waited) {
  for (const std::uint64_t time : {1'250, 1'251, 9'999}) {
    const auto found = violations(service_history(time).audit());
    BOOST_TEST(found == "", found);
  }
  expect_broken(service_history(1'249), "batch_size_fixed",
                "batch 40, record 40: short because it waited 250 ms, but its "
                "first record came at 1000 and it was signed at 1249 ms");
  expect_broken(service_history(0), "batch_size_fixed", "signed at 0 ms");
  auto h = service_history(9'999);
  h.arrival = {40, 5, UINT64_MAX};
  expect_broken(h, "batch_size_fixed", "came at 18446744073709551615");
  h.arrival.reset();
  expect_broken(h, "batch_size_fixed", "when its first record came is unknown");
}

BOOST_AUTO_TEST_CASE(a_service_signs_at_once_what_was_there_when_it_began) {
  auto h = service_history(0);
  h.epoch(0).records = 41;
  const auto found = violations(h.audit());
  BOOST_TEST(found == "", found);
}

BOOST_AUTO_TEST_CASE(in_a_service_no_other_reason_may_stand_for_the_wait) {
  auto h = service_history(9'999);
  h.batches[4].row.reason = short_reason::end;
  expect_broken(h, "batch_size_fixed", "but it did not end there");
  h.batches[4].row.reason = short_reason::full;
  expect_broken(h, "batch_size_fixed", "without a reason");
}

BOOST_AUTO_TEST_CASE(a_batch_under_a_lease_that_was_never_lent_is_found) {
  auto h = honest_history();
  h.batches[2].row.fence = fence_of(1, 99);
  expect_broken(h, "one_key_per_batch",
                "batch 20, record 20: the journal has no lease 1.99");
}

BOOST_AUTO_TEST_CASE(a_batch_of_an_epoch_that_never_was_is_found) {
  auto h = honest_history();
  h.batches[2].row.fence = fence_of(9, 1);
  const auto found = violations(h.audit());
  BOOST_TEST(contains(found, "one_key_per_batch: batch 20"), found);
  BOOST_TEST(contains(found, "the journal has no epoch 9"), found);
}

BOOST_AUTO_TEST_CASE(a_batch_under_the_lease_of_another_key_is_found) {
  auto h = honest_history();
  h.batches[2].row.key = h.key(3);
  h.batches[2].signing_key = 3;
  expect_broken(h, "one_key_per_batch",
                "batch 20, record 20: lease 1.3 lent another key");
}

BOOST_AUTO_TEST_CASE(two_batches_under_one_lease_are_found) {
  auto h = honest_history();
  h.batches[4].row.fence = fence_of(1, 1);
  expect_broken(h, "one_key_per_batch",
                "batch 40, record 40: lease 1.1 has another batch");
}

BOOST_AUTO_TEST_CASE(a_signature_by_another_key_than_the_batchs_is_found) {
  auto h = honest_history();
  h.batches[1].signing_key = 3;
  expect_broken(h, "one_signature_per_record",
                "record 10: it does not verify under key");
}

BOOST_AUTO_TEST_CASE(batches_that_overlap_are_found) {
  auto h = honest_history();
  h.batches.resize(1);
  h.sign(fence_of(1, 2), 1, 5, 10);
  expect_broken(h, "one_signature_per_record",
                "batch 0, record 5: also in batch 5");
}

BOOST_AUTO_TEST_CASE(a_signature_in_no_batch_is_found) {
  auto h = honest_history();
  h.batches.resize(1);
  h.sign(fence_of(1, 1), 0, 0, 12);
  expect_broken(h, "one_signature_per_record",
                "record 10: signed, but in no batch");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_trusted_is_found) {
  auto h = honest_history();
  actors::audit_options options;
  options.trust = ids_of(h.keys);
  BOOST_TEST(h.audit(options).passed);
  options.trust->erase(options.trust->begin() + 2);
  expect_broken(h, "keys_trusted",
                "batch 20, record 20: key " + crypto::to_text(h.key(2)),
                options);
  options.trust->clear();
  expect_broken(h, "keys_trusted", "batch 0, record 0", options);
}

BOOST_AUTO_TEST_SUITE_END()
