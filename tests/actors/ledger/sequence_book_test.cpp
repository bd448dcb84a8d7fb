// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/sequence_book.hpp"

#include "crypto/base/bytes.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>

namespace chancery::tests {

namespace sequence_book_test {

namespace {

using actors::sequence_ruling;

constexpr crypto::key_id alice{1};
constexpr crypto::key_id bob{2};

/// A book, and a store that holds the test's messages.
struct book_fixture {
  book_fixture() {
    storage::ledger_options options;
    options.sync = false;
    storage::ledger_store::create(folder.path(), {alice, 100}, options);
    store.emplace(folder.path(), options);
  }

  void store_message(const crypto::key_id& client, std::uint64_t sequence,
                     std::string_view compact) {
    auto t = store->write();
    t.append_message({client, sequence, crypto::bytes_of(compact), {}});
    t.commit();
  }

  sequence_ruling judge(const crypto::key_id& client, std::uint64_t sequence,
                        std::string_view compact) {
    return book.judge(client, sequence, compact, store->read()).ruling;
  }

  temp_folder folder;
  std::optional<storage::ledger_store> store;
  actors::sequence_book book;
};

} // namespace

} // namespace sequence_book_test

BOOST_FIXTURE_TEST_SUITE(sequence_book_test, book_fixture)

BOOST_AUTO_TEST_CASE(any_first_sequence_and_every_higher_one_is_accepted) {
  BOOST_TEST((judge(alice, 7, "h.p.s") == sequence_ruling::accept));
  book.expect(alice, 7, "h.p.s");
  BOOST_TEST((judge(alice, 8, "h.p.s") == sequence_ruling::accept));
  BOOST_TEST((judge(alice, 900, "h.p.s") == sequence_ruling::accept));
  BOOST_TEST((judge(bob, 1, "h.p.s") == sequence_ruling::accept));
}

BOOST_AUTO_TEST_CASE(the_payload_alone_makes_a_repeat) {
  book.expect(alice, 7, "header.payload.signature");
  BOOST_TEST((judge(alice, 7, "header.payload.signature") ==
              sequence_ruling::repeat_pending));
  BOOST_TEST((judge(alice, 7, "redaeh.payload.other") ==
              sequence_ruling::repeat_pending));
  BOOST_TEST(
      (judge(alice, 7, "header.other.signature") == sequence_ruling::stale));
  BOOST_TEST(
      (judge(alice, 6, "header.payload.signature") == sequence_ruling::stale));
}

BOOST_AUTO_TEST_CASE(what_is_stored_counts_like_what_is_pending) {
  store_message(alice, 3, "h.three.s");
  store_message(alice, 5, "h.five.s");
  const auto repeat = book.judge(alice, 3, "h.three.z", store->read());
  BOOST_TEST((repeat.ruling == sequence_ruling::repeat_stored));
  BOOST_TEST(repeat.stored_index == 0U);
  BOOST_TEST((judge(alice, 3, "h.other.s") == sequence_ruling::stale));
  BOOST_TEST((judge(alice, 4, "h.four.s") == sequence_ruling::stale));
  BOOST_TEST((judge(alice, 6, "h.six.s") == sequence_ruling::accept));
  // Also while a newer message is pending.
  book.expect(alice, 6, "h.six.s");
  BOOST_TEST((judge(alice, 5, "h.five.z") == sequence_ruling::repeat_stored));
  BOOST_TEST((judge(alice, 6, "h.six.z") == sequence_ruling::repeat_pending));
}

BOOST_AUTO_TEST_CASE(confirmed_messages_are_forgotten_here) {
  book.expect(alice, 1, "h.p.s");
  book.expect(alice, 2, "h.p.s");
  book.expect(bob, 1, "h.p.s");
  BOOST_TEST(book.pending() == 3U);
  store_message(alice, 1, "h.p.s");
  book.confirm(alice);
  BOOST_TEST(book.pending() == 2U);
  BOOST_TEST((judge(alice, 1, "h.p.s") == sequence_ruling::repeat_stored));
  BOOST_TEST((judge(alice, 2, "h.p.s") == sequence_ruling::repeat_pending));
  book.confirm(alice);
  BOOST_CHECK_THROW(book.confirm(alice), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
