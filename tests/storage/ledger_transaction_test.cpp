// SPDX-License-Identifier: Apache-2.0
#include "tests/defence_switch.hpp"
#include "tests/storage/ledger_fixtures.hpp"
#include "tests/storage/raw_entry.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

namespace ledger_transaction_ {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  std::filesystem::path path = folder.path() / "ledger";
};

} // namespace

} // namespace ledger_transaction_

BOOST_FIXTURE_TEST_SUITE(ledger_transaction_, fixture)

BOOST_AUTO_TEST_CASE(indexes_start_at_0_and_have_no_holes) {
  auto store = new_ledger(path);
  auto txn = store.write();
  BOOST_TEST(append(txn, 1, 1) == 0u);
  BOOST_TEST(append(txn, 1, 2) == 1u);
  BOOST_TEST(append_block(txn) == 0u);
  txn.commit();
  auto next = store.write();
  BOOST_TEST(append(next, 2, 1) == 2u);
  BOOST_TEST(append_block(next) == 1u);
  next.commit();
  BOOST_TEST(store.read().message_count() == 3u);
  BOOST_TEST(store.read().block_count() == 2u);
}

BOOST_AUTO_TEST_CASE(a_transaction_sees_what_it_wrote) {
  auto store = new_ledger(path);
  add_messages(store, 15);
  auto txn = store.write();
  append(txn, 7, 40);
  BOOST_TEST(txn.put_client(id_of(7), point_of(7)));
  append_block(txn);
  BOOST_TEST(txn.message_count() == 16u);
  BOOST_TEST(txn.sequence_count() == 16u);
  BOOST_TEST(txn.receipt_count() == 16u);
  BOOST_TEST(txn.block_count() == 2u);
  BOOST_TEST(txn.hash_count() == 2u);
  BOOST_TEST(txn.client_count() == 1u);
  BOOST_TEST(same(txn.message(15).value(), as_bytes(message_text(15))));
  BOOST_TEST(txn.message_of(id_of(7), 40).value() == 15u);
  BOOST_TEST(txn.last_sequence(id_of(7)).value() == 40u);
  BOOST_TEST(txn.block_of_hash(id_of(1001)).value() == 1u);
  BOOST_TEST(same(txn.client(id_of(7)).value(), point_of(7)));
  BOOST_TEST(store.read().message_count() == 15u);
}

BOOST_AUTO_TEST_CASE(what_is_not_committed_leaves_no_trace) {
  auto store = new_ledger(path);
  add_messages(store, 19);
  {
    auto txn = store.write();
    append(txn, 4, 1);
    append_block(txn);
    txn.put_client(id_of(4), point_of(4));
  }
  const auto view = store.read();
  BOOST_TEST(view.message_count() == 19u);
  BOOST_TEST(whole(view));
  BOOST_TEST(view.client_count() == 0u);
  BOOST_TEST(!view.last_sequence(id_of(4)).has_value());
}

BOOST_AUTO_TEST_CASE(a_transaction_ends_with_its_commit) {
  auto store = new_ledger(path);
  auto txn = store.write();
  append(txn, 1, 1);
  txn.commit();
  const auto receipt = as_bytes("receipt");
  BOOST_CHECK_THROW(txn.commit(), std::logic_error);
  BOOST_CHECK_THROW(txn.append_message({id_of(1), 2, receipt, receipt}),
                    std::logic_error);
  BOOST_CHECK_THROW(txn.put_client(id_of(1), point_of(1)), std::logic_error);
  BOOST_CHECK_THROW((void)txn.client_count(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_write_is_not_renewed) {
  auto store = new_ledger(path);
  auto txn = store.write();
  BOOST_CHECK_THROW(txn.renew(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_moved_transaction_is_one_transaction) {
  auto store = new_ledger(path);
  auto first = store.write();
  append(first, 1, 1);
  {
    ledger_transaction second = std::move(first);
    append(second, 1, 2);
    second.commit();
  }
  BOOST_TEST(store.read().message_count() == 2u);
}

BOOST_AUTO_TEST_CASE(messages_of_every_size_come_back) {
  const std::vector<std::size_t> sizes{0, 1, 63, 1000, 4096, 65'536, 131'072};
  auto store = new_ledger(path);
  auto txn = store.write();
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const bytes message(sizes[i], static_cast<std::byte>(i));
    const bytes receipt(sizes[i], static_cast<std::byte>(i + 1));
    txn.append_message({id_of(1), 1 + i, message, receipt});
  }
  txn.commit();
  const auto view = store.read();
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    BOOST_TEST(same(view.message(i).value(),
                    bytes(sizes[i], static_cast<std::byte>(i))));
    BOOST_TEST(same(view.receipt(i).value(),
                    bytes(sizes[i], static_cast<std::byte>(i + 1))));
  }
}

BOOST_AUTO_TEST_CASE(a_sequence_that_was_used_is_refused_alone) {
  auto store = new_ledger(path);
  add_messages(store, 15); // of clients 0 to 2; the sequence is index + 1
  auto txn = store.write();
  append(txn, 4, 1);
  const auto text = text_of<storage_error>([&] { append(txn, 0, 13); });
  BOOST_TEST(contains(text, path.string()));
  BOOST_TEST(contains(text, "sequence 13"));
  BOOST_CHECK_THROW(append(txn, 4, 1), storage_error);
  BOOST_TEST(txn.message_count() == 16u);
  BOOST_TEST(txn.sequence_count() == 16u);
  BOOST_TEST(txn.receipt_count() == 16u);
  BOOST_TEST(append(txn, 0, 14) == 16u); // the transaction is still usable
  txn.commit();
  const auto view = store.read();
  BOOST_TEST(view.message_count() == 17u);
  BOOST_TEST(view.message_of(id_of(0), 13).value() == 12u);
  BOOST_TEST(view.message_of(id_of(4), 1).value() == 15u);
}

BOOST_AUTO_TEST_CASE(clients_may_use_the_same_sequences) {
  auto store = new_ledger(path);
  auto txn = store.write();
  for (std::uint64_t client = 0; client < 50; ++client)
    for (std::uint64_t sequence = 1; sequence < 4; ++sequence)
      append(txn, client, sequence);
  txn.commit();
  const auto view = store.read();
  for (std::uint64_t client = 0; client < 50; ++client) {
    BOOST_TEST(view.last_sequence(id_of(client)).value() == 3u);
    BOOST_TEST(view.message_of(id_of(client), 2).value() == client * 3 + 1);
  }
}

BOOST_AUTO_TEST_CASE(without_the_check_a_sequence_is_stored_over_the_first) {
  auto options = ledger_options_of_tests();
  defence_switch::sequences(options.defended) = false;
  auto store = new_ledger(path, options);
  auto txn = store.write();
  append(txn, 1, 5);
  append(txn, 1, 6);
  BOOST_TEST(append(txn, 1, 5) == 2u);
  txn.commit();
  const auto view = store.read();
  BOOST_TEST(view.message_count() == 3u);
  BOOST_TEST(view.sequence_count() == 2u);
  BOOST_TEST(view.message_of(id_of(1), 5).value() == 2u);
  BOOST_TEST(same(view.message(0).value(), as_bytes(message_text(0))));
}

BOOST_AUTO_TEST_CASE(a_hash_that_is_there_is_refused_alone) {
  auto store = new_ledger(path);
  add_messages(store, 20);
  auto txn = store.write();
  BOOST_CHECK_THROW(
      txn.append_block(id_of(1001), header_of(2), signature_of_block(2)),
      storage_error);
  BOOST_TEST(txn.block_count() == 2u);
  BOOST_TEST(append_block(txn) == 2u);
  BOOST_TEST(txn.block_of_hash(id_of(1001)).value() == 1u);
  BOOST_TEST(txn.hash_count() == 3u);
}

BOOST_AUTO_TEST_CASE(a_client_keeps_its_first_key) {
  auto store = new_ledger(path);
  {
    auto txn = store.write();
    BOOST_TEST(txn.put_client(id_of(1), point_of(1)));
    BOOST_TEST(!txn.put_client(id_of(1), point_of(2)));
    txn.commit();
  }
  auto txn = store.write();
  BOOST_TEST(!txn.put_client(id_of(1), point_of(3)));
  BOOST_TEST(txn.put_client(id_of(2), point_of(2)));
  txn.commit();
  const auto view = store.read();
  BOOST_TEST(view.client_count() == 2u);
  BOOST_TEST(same(view.client(id_of(1)).value(), point_of(1)));
  BOOST_TEST(same(view.client(id_of(2)).value(), point_of(2)));
}

BOOST_AUTO_TEST_CASE(a_client_key_of_another_size_is_refused) {
  auto store = new_ledger(path);
  auto txn = store.write();
  for (const std::size_t size : {0, 63, 65, 96})
    BOOST_CHECK_THROW(txn.put_client(id_of(1), bytes(size)),
                      std::invalid_argument);
  BOOST_TEST(txn.client_count() == 0u);
}

BOOST_AUTO_TEST_CASE(the_hook_before_a_commit_fails_it) {
  new_ledger(path);
  auto options = ledger_options_of_tests();
  // Fail the n-th commit, for n = 1, 2, 3 ..., until a run meets no fault.
  bool failed = true;
  for (int n = 1; failed; ++n) {
    failed = false;
    int left = n;
    options.before_commit = [&] {
      if (--left == 0)
        throw std::runtime_error("as the test wants it");
    };
    ledger_store store(path, options);
    for (int i = 0; i < 4 && !failed; ++i) {
      const auto before = store.read().message_count();
      try {
        add_messages(store, 7);
      } catch (const std::runtime_error&) {
        failed = true;
      }
      const auto view = store.read();
      BOOST_TEST(view.message_count() == before + (failed ? 0 : 7));
      BOOST_TEST(whole(view));
    }
  }
  const ledger_store store(path, reading_ledger());
  BOOST_TEST(store.read().message_count() == 70u);
}

BOOST_AUTO_TEST_CASE(a_transaction_is_over_once_its_hook_threw) {
  auto options = ledger_options_of_tests();
  bool fails = false;
  options.before_commit = [&] {
    if (fails)
      throw std::runtime_error("as the test wants it");
  };
  auto store = new_ledger(path, options);
  auto txn = store.write();
  append(txn, 1, 1);
  fails = true;
  BOOST_CHECK_THROW(txn.commit(), std::runtime_error);
  fails = false;
  BOOST_CHECK_THROW(txn.commit(), std::logic_error);
  add_messages(store, 1); // would wait forever if the first were still open
  BOOST_TEST(store.read().message_count() == 1u);
}

// The receipts table already has a row at the next index.
BOOST_AUTO_TEST_CASE(a_row_in_the_way_ends_the_transaction_as_corrupt) {
  {
    auto store = new_ledger(path);
    add_messages(store, 5);
  }
  put_raw(path, "receipts", number_64(5), "a stray row");
  ledger_store store(path, ledger_options_of_tests());
  auto txn = store.write();
  BOOST_CHECK_THROW(append(txn, 7, 1), corrupt);
  BOOST_CHECK_THROW(txn.commit(), std::logic_error);
  BOOST_TEST(store.read().message_count() == 5u);
  BOOST_TEST(store.read().sequence_count() == 5u);
}

BOOST_AUTO_TEST_SUITE_END()
