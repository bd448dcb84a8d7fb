// SPDX-License-Identifier: Apache-2.0
#include "tests/defence_switch.hpp"
#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

namespace put_batch {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  std::filesystem::path path = folder.path() / "records";
};

/// Whether each signature is by its batch's signer, as the audit requires.
bool signatures_agree_with_batches(const record_store& store) {
  const auto view = store.read();
  auto signatures = view.walk(table::signatures);
  std::uint64_t covered = 0;
  auto batches = view.walk(table::batches);
  for (bool there = batches.seek(0); there; there = batches.next())
    covered += decode_batch_row(batches.key(), batches.value()).count;
  bool agree = covered == view.signature_count();
  for (bool there = signatures.seek(0); there; there = signatures.next()) {
    const auto row = view.batch_of(signatures.key());
    const auto id = signatures.key();
    agree = agree && row &&
            same(signatures.value(),
                 signatures_of(id, 1, static_cast<unsigned>(row->fence)));
  }
  return agree;
}

} // namespace

} // namespace put_batch

BOOST_FIXTURE_TEST_SUITE(put_batch, fixture)

BOOST_AUTO_TEST_CASE(a_batch_that_meets_a_signed_record_is_not_stored_at_all) {
  auto store = new_store(path);
  add_records(store, 30);
  BOOST_TEST(sign(store, 10, 10, 1));
  // Every way in which two ranges can overlap.
  for (const auto& [first, count] : {std::pair{10u, 10u},
                                     {10u, 1u},
                                     {19u, 1u},
                                     {5u, 6u},
                                     {0u, 30u},
                                     {12u, 3u},
                                     {19u, 11u},
                                     {9u, 2u}})
    BOOST_TEST(!sign(store, first, count, 2));
  const auto view = store.read();
  BOOST_TEST(view.signature_count() == 10u);
  BOOST_TEST(view.batch_count() == 1u);
  BOOST_TEST(signatures_agree_with_batches(store));
}

BOOST_AUTO_TEST_CASE(a_batch_beside_signed_records_is_stored) {
  auto store = new_store(path);
  add_records(store, 30);
  BOOST_TEST(sign(store, 10, 10, 1));
  BOOST_TEST(sign(store, 0, 10, 2));
  BOOST_TEST(sign(store, 20, 10, 3));
  BOOST_TEST(store.read().signature_count() == 30u);
  BOOST_TEST(signatures_agree_with_batches(store));
}

BOOST_AUTO_TEST_CASE(a_conflict_within_one_transaction_is_refused_too) {
  auto store = new_store(path);
  add_records(store, 30);
  auto txn = store.write();
  BOOST_TEST(txn.put_batch(row_of(0, 10, 1), signatures_of(0, 10, 1)));
  BOOST_TEST(!txn.put_batch(row_of(5, 10, 2), signatures_of(5, 10, 2)));
  BOOST_TEST(txn.put_batch(row_of(10, 10, 3), signatures_of(10, 10, 3)));
  txn.commit(); // a refused batch does not spoil the others
  BOOST_TEST(store.read().signature_count() == 20u);
  BOOST_TEST(signatures_agree_with_batches(store));
}

// A transaction remembers where its last batch at the end of the table ends.
BOOST_AUTO_TEST_CASE(batches_of_one_transaction_come_in_any_order) {
  auto store = new_store(path);
  add_records(store, 100);
  BOOST_TEST(sign(store, 90, 5, 1)); // beyond all others
  auto txn = store.write();
  const auto put = [&](std::uint64_t first, std::uint32_t count) {
    return txn.put_batch(row_of(first, count), signatures_of(first, count));
  };
  BOOST_TEST(put(20, 10));
  BOOST_TEST(put(95, 2)); // at the end
  BOOST_TEST(!put(96, 2));
  BOOST_TEST(put(97, 2));
  BOOST_TEST(!put(94, 6));
  BOOST_TEST(!put(98, 2));
  BOOST_TEST(put(10, 10));
  BOOST_TEST(!put(29, 2));
  BOOST_TEST(put(30, 10));
  BOOST_TEST(put(99, 1));
  txn.commit();
  BOOST_TEST(store.read().signature_count() == 40u);
  BOOST_TEST(signatures_agree_with_batches(store));
}

BOOST_AUTO_TEST_CASE(without_the_check_a_batch_is_stored_in_part) {
  new_store(path);
  auto options = options_of_tests();
  defence_switch::whole_batches(options.defended) = false;
  record_store store(path, options);
  add_records(store, 30);
  BOOST_TEST(sign(store, 10, 10, 1));
  BOOST_TEST(sign(store, 5, 10, 2));
  // Records 5 to 9 are signed by signer 2 and 10 to 14 still by signer 1, but
  // the batch of signer 2 claims them all.
  const auto view = store.read();
  BOOST_TEST(view.signature_count() == 15u);
  BOOST_TEST(same(view.signature(9).value(), signatures_of(9, 1, 2)));
  BOOST_TEST(same(view.signature(10).value(), signatures_of(10, 1, 1)));
  BOOST_TEST(view.batch_count() == 2u);
  BOOST_TEST(!signatures_agree_with_batches(store));
}

BOOST_AUTO_TEST_CASE(even_without_the_check_no_signature_is_replaced) {
  new_store(path);
  auto options = options_of_tests();
  defence_switch::whole_batches(options.defended) = false;
  record_store store(path, options);
  add_records(store, 10);
  BOOST_TEST(sign(store, 0, 10, 1));
  BOOST_TEST(sign(store, 0, 10, 2));
  for (std::uint64_t id = 0; id < 10; ++id)
    BOOST_TEST(
        same(store.read().signature(id).value(), signatures_of(id, 1, 1)));
}

BOOST_AUTO_TEST_CASE(ids_that_are_no_records_are_refused) {
  auto store = new_store(path);
  add_records(store, 10);
  const auto put = [&](std::uint64_t first, std::uint32_t count) {
    auto txn = store.write();
    (void)txn.put_batch(row_of(first, count), bytes(std::size_t{count} * 64));
  };
  BOOST_CHECK_THROW(put(10, 1), std::invalid_argument);
  BOOST_CHECK_THROW(put(9, 2), std::invalid_argument);
  BOOST_CHECK_THROW(put(0, 11), std::invalid_argument);
  BOOST_CHECK_THROW(put(0, 0), std::invalid_argument);
  BOOST_CHECK_THROW(put(UINT64_MAX, 1), std::invalid_argument);
  BOOST_CHECK_NO_THROW(put(9, 1));
}

BOOST_AUTO_TEST_CASE(signatures_of_another_size_are_refused) {
  auto store = new_store(path);
  add_records(store, 10);
  auto txn = store.write();
  for (const std::size_t size : {0u, 1u, 127u, 129u, 192u})
    BOOST_CHECK_THROW((void)txn.put_batch(row_of(0, 2), bytes(size)),
                      std::invalid_argument);
  BOOST_TEST(txn.put_batch(row_of(0, 2), bytes(128)));
}

BOOST_AUTO_TEST_CASE(
    signatures_of_96_bytes_fit_a_store_that_was_made_for_them) {
  auto info = info_of_tests();
  info.signature_size = 96;
  record_store::create(path, info, options_of_tests());
  record_store store(path, options_of_tests());
  add_records(store, 2);
  auto txn = store.write();
  BOOST_TEST(txn.put_batch(row_of(0, 2), bytes(192)));
  txn.commit();
  BOOST_TEST(store.read().signature(1)->size() == 96u);
}

BOOST_AUTO_TEST_SUITE_END()
