// SPDX-License-Identifier: Apache-2.0
#include "tests/defence_switch.hpp"
#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

namespace withdrawing {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

/// Thirty records; 0 to 19 are signed in two batches.
struct fixture {
  fixture() {
    auto store = new_store(path);
    add_records(store, 30);
    BOOST_TEST(sign(store, 0, 10, 1));
    BOOST_TEST(sign(store, 10, 10, 2));
  }

  temp_folder folder;
  std::filesystem::path path = folder.path() / "records";
};

std::uint64_t withdraw(record_store& store, std::uint64_t batch,
                       std::vector<std::uint64_t> ids) {
  auto txn = store.write();
  const auto sequence = txn.withdraw({batch, std::move(ids), 5, "damaged"});
  txn.commit();
  return sequence;
}

/// "first+count:fence/reason " for each row.
std::string rows(const snapshot& view) {
  std::string text;
  auto at = view.walk(table::batches);
  for (bool more = at.seek(0); more; more = at.next()) {
    const auto row = decode_batch_row(at.key(), at.value());
    text += std::to_string(row.first) + "+" + std::to_string(row.count) + ":" +
            std::to_string(row.fence) + "/" +
            std::to_string(static_cast<int>(row.reason)) + " ";
  }
  return text;
}

std::string withdrawn(const snapshot& view) {
  std::string text;
  view.each_withdrawn([&](const withdrawn_row& row) {
    text += std::to_string(row.record) + "@" + std::to_string(row.event) + " ";
  });
  return text;
}

} // namespace

} // namespace withdrawing

BOOST_FIXTURE_TEST_SUITE(withdrawing, fixture)

BOOST_AUTO_TEST_CASE(a_batch_falls_into_what_is_left_of_it) {
  record_store store(path, options_of_tests());
  const auto sequence = withdraw(store, 10, {13, 17, 12});
  const auto view = store.read();
  BOOST_TEST(rows(view) == "0+10:1/0 10+2:2/4 14+3:2/4 18+2:2/4 ");
  BOOST_TEST(view.signature_count() == 17u);
  BOOST_TEST(view.withdrawn_count() == 3u);
  BOOST_TEST(withdrawn(view) == "12@0 13@0 17@0 ");
  for (const std::uint64_t id : {10u, 11u, 14u, 16u, 18u, 19u})
    BOOST_TEST(same(view.signature(id).value(), signatures_of(id, 1, 2)));
  for (const std::uint64_t id : {12u, 13u, 17u})
    BOOST_TEST(!view.signature(id).has_value());
  BOOST_TEST(view.first_unsigned(0) == 12u);
  BOOST_TEST(!view.batch_of(13).has_value());
  const auto moved = view.withdrawn_of(13);
  BOOST_REQUIRE(moved.size() == 1u);
  BOOST_TEST((moved[0] == withdrawn_row{13, sequence, row_of(10, 10, 2), 5,
                                        signatures_of(13, 1, 2), "damaged"}));
  auto journal = view.walk(table::journal);
  BOOST_REQUIRE(journal.seek(sequence));
  const signatures_withdrawn expected{5, row_of(10, 10, 2), {{12, 2}, {17, 1}}};
  BOOST_TEST((decode_event(journal.value()) == event(expected)));
}

BOOST_AUTO_TEST_CASE(what_was_withdrawn_can_be_signed_and_withdrawn_again) {
  record_store store(path, options_of_tests());
  withdraw(store, 0, {0, 9});
  BOOST_TEST(sign(store, 0, 1, 3));
  BOOST_TEST(sign(store, 9, 1, 4));
  BOOST_TEST(!sign(store, 1, 1, 5));
  withdraw(store, 0, {0});
  withdraw(store, 1, {4}); // a piece
  const auto view = store.read();
  BOOST_TEST(rows(view) == "1+3:1/4 5+4:1/4 9+1:4/0 10+10:2/0 ");
  BOOST_TEST(withdrawn(view) == "0@0 0@1 4@2 9@0 ");
  BOOST_TEST(view.withdrawn_of(0).size() == 2u);
  BOOST_TEST(view.withdrawn_of(1).empty());
}

BOOST_AUTO_TEST_CASE(a_whole_batch_leaves_no_row) {
  record_store store(path, options_of_tests());
  withdraw(store, 10, {10, 11, 12, 13, 14, 15, 16, 17, 18, 19});
  BOOST_TEST(rows(store.read()) == "0+10:1/0 ");
  BOOST_TEST(sign(store, 10, 20, 7));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_withdrawn_is_refused_and_changes_nothing) {
  record_store store(path, options_of_tests());
  withdraw(store, 0, {5});
  auto txn = store.write();
  const auto refused = [&](const withdrawal& w) {
    BOOST_CHECK_THROW(txn.withdraw(w), std::invalid_argument);
  };
  refused({6, {5}, 1, "x"});       // it is not signed any more
  refused({0, {7}, 1, "x"});       // another piece's
  refused({0, {10}, 1, "x"});      // another batch's
  refused({0, {}, 1, "x"});        // none
  refused({0, {1, 2, 1}, 1, "x"}); // twice
  refused({1, {1}, 1, "x"});       // no batch begins there
  refused({25, {25}, 1, "x"});     // never signed
  refused({99, {99}, 1, "x"});     // no record
  refused({0, {1}, 1, ""});
  refused({0, {1}, 1, "two\nlines"});
  txn.commit();
  BOOST_TEST(rows(store.read()) == "0+5:1/4 6+4:1/4 10+10:2/0 ");
  BOOST_TEST(store.read().event_count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_withdrawal_that_is_killed_leaves_all_or_nothing) {
  const pid_t child = start_child([&] {
    auto options = options_of_tests();
    options.before_commit = [] { ::raise(SIGKILL); };
    record_store store(path, options);
    withdraw(store, 0, {1, 2});
  });
  BOOST_TEST(WTERMSIG(end_of(child)) == SIGKILL);
  {
    const record_store store(path, options_of_tests());
    BOOST_TEST(rows(store.read()) == "0+10:1/0 10+10:2/0 ");
    BOOST_TEST(store.read().withdrawn_count() == 0u);
    BOOST_TEST(store.read().signature_count() == 20u);
  }
  const pid_t second = start_child([&] {
    record_store store(path, options_of_tests());
    withdraw(store, 0, {1, 2});
    ::raise(SIGKILL);
  });
  BOOST_TEST(WTERMSIG(end_of(second)) == SIGKILL);
  const record_store store(path, options_of_tests());
  BOOST_TEST(rows(store.read()) == "0+1:1/4 3+7:1/4 10+10:2/0 ");
  BOOST_TEST(withdrawn(store.read()) == "1@0 2@0 ");
}

BOOST_AUTO_TEST_CASE(without_the_defence_the_row_claims_what_was_withdrawn) {
  auto options = options_of_tests();
  defence_switch::whole_row_splitting(options.defended) = false;
  record_store store(path, options);
  withdraw(store, 0, {4});
  BOOST_TEST(rows(store.read()) == "0+10:1/0 10+10:2/0 ");
  BOOST_TEST(!store.read().signature(4).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
