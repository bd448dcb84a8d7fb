// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

namespace write_transaction_ {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  std::filesystem::path path = folder.path() / "records";
};

} // namespace

} // namespace write_transaction_

BOOST_FIXTURE_TEST_SUITE(write_transaction_, fixture)

BOOST_AUTO_TEST_CASE(ids_start_at_0_and_have_no_holes) {
  auto store = new_store(path);
  auto txn = store.write();
  BOOST_TEST(txn.append_record(record_of(0)) == 0u);
  BOOST_TEST(txn.append_record(record_of(1)) == 1u);
  txn.commit();
  auto next = store.write();
  BOOST_TEST(next.record_count() == 2u);
  BOOST_TEST(next.append_record(record_of(2)) == 2u);
  BOOST_TEST(next.record_count() == 3u);
}

BOOST_AUTO_TEST_CASE(records_of_every_size_come_back) {
  constexpr std::size_t mebi = std::size_t{1} << 20;
  const std::vector<std::size_t> sizes{0,    1,    63,   511,  2000,
                                       4095, 4096, 5000, mebi, 16 * mebi};
  {
    auto store = new_store(path);
    auto txn = store.write();
    for (std::size_t i = 0; i < sizes.size(); ++i)
      BOOST_TEST(
          txn.append_record(bytes(sizes[i], static_cast<std::byte>(i))) == i);
    txn.commit();
  }
  const record_store store(path, reading());
  const auto view = store.read();
  for (std::size_t i = 0; i < sizes.size(); ++i)
    BOOST_TEST(same(view.record(i).value(),
                    bytes(sizes[i], static_cast<std::byte>(i))));
}

BOOST_AUTO_TEST_CASE(a_record_over_the_limit_is_refused_alone) {
  auto store = new_store(path);
  auto txn = store.write();
  txn.append_record(record_of(0));
  const bytes large(record_store::record_size_max + 1);
  BOOST_CHECK_THROW(txn.append_record(large), std::invalid_argument);
  BOOST_TEST(txn.append_record(record_of(1)) == 1u);
  txn.commit();
  BOOST_TEST(store.read().record_count() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_not_committed_leaves_no_trace) {
  auto store = new_store(path);
  add_records(store, 5);
  {
    auto txn = store.write();
    txn.append_record(record_of(5));
    txn.append_event(as_bytes(encode(event(epoch_opened{}))));
    BOOST_TEST(txn.put_batch(row_of(0, 5), signatures_of(0, 5)));
    BOOST_TEST(txn.signature_count() == 5u);
  }
  const auto view = store.read();
  BOOST_TEST(view.record_count() == 5u);
  BOOST_TEST(view.signature_count() == 0u);
  BOOST_TEST(view.batch_count() == 0u);
  BOOST_TEST(view.event_count() == 0u);
}

BOOST_AUTO_TEST_CASE(a_transaction_ends_with_its_commit) {
  auto store = new_store(path);
  auto txn = store.write();
  txn.append_record(record_of(0));
  txn.commit();
  BOOST_CHECK_THROW(txn.commit(), std::logic_error);
  BOOST_CHECK_THROW(txn.append_record(record_of(1)), std::logic_error);
  BOOST_CHECK_THROW(txn.signature_count(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_write_is_not_renewed) {
  auto store = new_store(path);
  auto txn = store.write();
  BOOST_CHECK_THROW(txn.renew(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_moved_transaction_is_one_transaction) {
  auto store = new_store(path);
  auto first = store.write();
  first.append_record(record_of(0));
  {
    write_transaction second = std::move(first);
    second.append_record(record_of(1));
    second.commit();
  }
  BOOST_TEST(store.read().record_count() == 2u);
}

BOOST_AUTO_TEST_CASE(an_event_of_0_bytes_is_refused) {
  auto store = new_store(path);
  auto txn = store.write();
  BOOST_CHECK_THROW(txn.append_event({}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_hook_before_a_commit_fails_it) {
  new_store(path);
  auto options = options_of_tests();
  // Fail the n-th commit, for n = 1, 2, 3 ..., until a run meets no fault.
  bool failed = true;
  for (int n = 1; failed; ++n) {
    failed = false;
    int left = n;
    options.before_commit = [&] {
      if (--left == 0)
        throw std::runtime_error("as the test wants it");
    };
    record_store store(path, options);
    for (int i = 0; i < 4 && !failed; ++i) {
      const auto before = store.read().record_count();
      auto txn = store.write();
      txn.append_record(record_of(before));
      BOOST_TEST(txn.append_event(as_bytes(encode(event(lease_lost{1})))) ==
                 before);
      try {
        txn.commit();
      } catch (const std::runtime_error&) {
        failed = true;
      }
      const auto view = store.read();
      BOOST_TEST(view.record_count() == before + (failed ? 0 : 1));
      BOOST_TEST(view.event_count() == view.record_count());
    }
  }
  BOOST_TEST(record_store(path, reading()).read().record_count() == 10u);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_read_only_is_not_written) {
  new_store(path);
  record_store store(path, reading());
  BOOST_CHECK_THROW(store.write(), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
