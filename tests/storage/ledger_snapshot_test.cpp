// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/ledger_fixtures.hpp"
#include "tests/storage/raw_entry.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <set>
#include <stdexcept>

namespace ledger_snapshot_ {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  std::filesystem::path path = folder.path() / "ledger";
};

std::string text_of_id(const id_bytes& id) { return {id.begin(), id.end()}; }

} // namespace

} // namespace ledger_snapshot_

BOOST_FIXTURE_TEST_SUITE(ledger_snapshot_, fixture)

BOOST_AUTO_TEST_CASE(a_new_ledger_is_empty) {
  const auto store = new_ledger(path);
  const auto view = store.read();
  BOOST_TEST(view.message_count() == 0u);
  BOOST_TEST(view.block_count() == 0u);
  BOOST_TEST(view.client_count() == 0u);
  BOOST_TEST(view.sequence_count() == 0u);
  BOOST_TEST(view.receipt_count() == 0u);
  BOOST_TEST(view.hash_count() == 0u);
  BOOST_TEST(!view.message(0).has_value());
  BOOST_TEST(!view.receipt(0).has_value());
  BOOST_TEST(!view.block(0).has_value());
  BOOST_TEST(!view.block(UINT64_MAX).has_value());
  BOOST_TEST(!view.block_of_hash(id_of(1)).has_value());
  BOOST_TEST(!view.client(id_of(1)).has_value());
  BOOST_TEST(!view.message_of(id_of(1), 1).has_value());
  BOOST_TEST(!view.last_sequence(id_of(1)).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_nothing) {
  auto store = new_ledger(path);
  add_messages(store, 20);
  const auto view = store.read();
  BOOST_TEST(whole(view));
  BOOST_TEST(!view.message(20).has_value());
  BOOST_TEST(!view.message(UINT64_MAX).has_value());
  BOOST_TEST(!view.block_of_hash(id_of(1)).has_value());
  BOOST_TEST(!view.message_of(id_of(1), 1).has_value()); // client 0 used it
  BOOST_TEST(!view.message_of(id_of(9), 1).has_value());
  BOOST_TEST(!view.client(id_of(0)).has_value());
}

BOOST_AUTO_TEST_CASE(a_snapshot_stands_still_until_it_is_renewed) {
  auto store = new_ledger(path);
  add_messages(store, 10);
  auto view = store.read();
  BOOST_TEST(view.message_count() == 10u);
  BOOST_TEST(view.last_sequence(id_of(0)).value() == 10u);
  add_messages(store, 13);
  {
    auto txn = store.write();
    txn.put_client(id_of(0), point_of(0));
    txn.commit();
  }
  BOOST_TEST(view.message_count() == 10u);
  BOOST_TEST(view.client_count() == 0u);
  BOOST_TEST(view.last_sequence(id_of(0)).value() == 10u);
  BOOST_TEST(!view.message(10).has_value());
  BOOST_TEST(whole(view));
  view.renew();
  BOOST_TEST(view.message_count() == 23u);
  BOOST_TEST(view.client_count() == 1u);
  BOOST_TEST(view.last_sequence(id_of(0)).value() == 22u);
  BOOST_TEST(whole(view));
}

BOOST_AUTO_TEST_CASE(many_snapshots_may_be_open_in_one_thread) {
  auto store = new_ledger(path);
  add_messages(store, 1);
  std::vector<ledger_snapshot> views;
  for (int i = 0; i < 100; ++i)
    views.push_back(store.read());
  for (const auto& view : views)
    BOOST_TEST(view.last_sequence(id_of(0)).value() == 1u);
}

// The ids are neighbours in the table, so that a step too far is noticed.
BOOST_AUTO_TEST_CASE(the_last_sequence_is_found_as_a_model_finds_it) {
  auto store = new_ledger(path);
  std::mt19937_64 random(5);
  std::vector<id_bytes> ids(6);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ids[i].fill(i < 2 ? 0 : 0xff);
    ids[i][31] = static_cast<std::uint8_t>(i < 2 ? i : 0xfa + i);
  }
  std::map<id_bytes, std::set<std::uint64_t>> model;
  auto txn = store.write();
  const auto check = [&](const ledger_snapshot& view) {
    for (const auto& id : ids) {
      const auto last = view.last_sequence(id);
      BOOST_TEST(last.has_value() == model.contains(id));
      if (last)
        BOOST_TEST(*last == *model[id].rbegin());
    }
  };
  for (int i = 0; i < 200; ++i) {
    const auto& id = ids[random() % (i < 100 ? 5 : 6)];
    // Sometimes the lowest or the highest possible sequence.
    const std::uint64_t wild = random() % 40;
    const auto sequence = wild == 0   ? 0
                          : wild == 1 ? UINT64_MAX
                                      : random() >> random() % 64;
    const bool is_new = model[id].insert(sequence).second;
    if (is_new)
      txn.append_message({id, sequence, {}, {}});
    else
      BOOST_CHECK_THROW(txn.append_message({id, sequence, {}, {}}),
                        storage_error);
    check(txn);
  }
  txn.commit();
  check(store.read());
}

BOOST_AUTO_TEST_CASE(counts_are_of_rows_that_are_there) {
  {
    auto store = new_ledger(path);
    add_messages(store, 20);
  }
  put_raw(path, "receipts", number_64(7), std::nullopt);
  put_raw(path, "sequences", text_of_id(id_of(5)) + number_64(1), number_64(3));
  put_raw(path, "hashes", text_of_id(id_of(5)), number_64(0));
  put_raw(path, "hashes", text_of_id(id_of(6)), number_64(0));
  const ledger_store store(path, reading_ledger());
  const auto view = store.read();
  BOOST_TEST(view.message_count() == 20u);
  BOOST_TEST(view.receipt_count() == 19u);
  BOOST_TEST(view.sequence_count() == 21u);
  BOOST_TEST(view.hash_count() == 4u);
  BOOST_TEST(!view.receipt(7).has_value());
  BOOST_TEST(view.message_of(id_of(5), 1).value() == 3u);
}

BOOST_AUTO_TEST_CASE(a_damaged_row_or_key_is_corrupt) {
  {
    auto store = new_ledger(path);
    add_messages(store, 20);
  }
  id_bytes last{};
  last.fill(0xff);
  put_raw(path, "messages", "odd key that is last", "");
  put_raw(path, "blocks", "\xff", "");
  put_raw(path, "hashes", text_of_id(id_of(1000)), "three");
  put_raw(path, "sequences", text_of_id(id_of(0)) + number_64(1), "three");
  put_raw(path, "sequences", text_of_id(last), number_64(1));
  const ledger_store store(path, reading_ledger());
  const auto view = store.read();
  BOOST_TEST(
      contains(text_of<corrupt>([&] { (void)view.block_of_hash(id_of(1000)); }),
               path.string()));
  BOOST_CHECK_THROW((void)view.message_count(), corrupt);
  BOOST_CHECK_THROW((void)view.block_count(), corrupt);
  BOOST_CHECK_THROW((void)view.message_of(id_of(0), 1), corrupt);
  BOOST_CHECK_THROW((void)view.last_sequence(last), corrupt);
  BOOST_TEST(view.message_of(id_of(1), 2).value() == 1u);
  BOOST_TEST(view.last_sequence(id_of(0)).value() == 19u);
}

BOOST_AUTO_TEST_SUITE_END()
