// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/range_book.hpp"

#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

BOOST_AUTO_TEST_SUITE(range_book_test)

using namespace chancery;
using namespace chancery::tests;
using actors::held_range;
using actors::range_book;
using storage::short_reason;

namespace {

// Stores fake signatures for a range: the book only looks at batches.
void put(storage::record_store& store, std::uint64_t first,
         std::uint32_t count) {
  storage::batch_row row;
  row.first = first;
  row.count = count;
  auto transaction = store.write();
  BOOST_REQUIRE(transaction.put_batch(
      row, std::vector<std::byte>(std::size_t{count} * 64)));
  transaction.commit();
}

void check(const std::optional<held_range>& range, std::uint64_t first,
           std::uint32_t count, short_reason reason) {
  BOOST_REQUIRE(range.has_value());
  BOOST_TEST(range->first == first);
  BOOST_TEST(range->count == count);
  BOOST_TEST((range->reason == reason));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_range_is_short_at_a_signed_record_and_at_the_end) {
  store_fixture f(47);
  put(f.store, 0, 3);
  put(f.store, 18, 2);
  put(f.store, 20, 1);
  range_book book(10);
  const auto view = f.store.read();
  check(book.take(view, 1, name_of(1)), 3, 10, short_reason::full);
  check(book.take(view, 2, name_of(2)), 13, 5, short_reason::gap);
  check(book.take(view, 3, name_of(3)), 21, 10, short_reason::full);
  check(book.take(view, 4, name_of(4)), 31, 10, short_reason::full);
  check(book.take(view, 5, name_of(5)), 41, 6, short_reason::end);
  BOOST_TEST(!book.take(view, 6, name_of(6)).has_value());
  BOOST_TEST(book.held() == 5u);
}

// With the end of an earlier look, the last batch would be short for a reason
// that the audit refuses.
BOOST_AUTO_TEST_CASE(a_stretch_at_the_end_grows_with_the_table) {
  store_fixture f(15);
  range_book book(10);
  check(book.take(f.store.read(), 1, name_of(1)), 0, 10, short_reason::full);
  auto transaction = f.store.write();
  for (int i = 0; i < 8; ++i)
    transaction.append_record(std::vector<std::byte>(10));
  transaction.commit();
  check(book.take(f.store.read(), 2, name_of(2)), 10, 10, short_reason::full);
  check(book.take(f.store.read(), 3, name_of(3)), 20, 3, short_reason::end);
}

BOOST_AUTO_TEST_CASE(a_range_that_just_fits_is_full) {
  store_fixture f(20);
  range_book book(10);
  const auto view = f.store.read();
  check(book.take(view, 1, name_of(1)), 0, 10, short_reason::full);
  check(book.take(view, 2, name_of(1)), 10, 10, short_reason::full);
  BOOST_TEST(!book.take(view, 3, name_of(1)).has_value());
}

BOOST_AUTO_TEST_CASE(a_table_without_unsigned_records_gives_nothing) {
  store_fixture empty(0);
  range_book book(10);
  BOOST_TEST(!book.take(empty.store.read(), 1, name_of(1)).has_value());
  store_fixture whole(5);
  put(whole.store, 0, 5);
  BOOST_TEST(!book.take(whole.store.read(), 1, name_of(1)).has_value());
}

BOOST_AUTO_TEST_CASE(a_lease_holds_one_range_at_a_time) {
  store_fixture f(30);
  range_book book(10);
  const auto view = f.store.read();
  book.take(view, 1, name_of(1));
  BOOST_TEST(!book.usable(1));
  BOOST_CHECK_THROW(book.take(view, 1, name_of(1)), std::invalid_argument);
  BOOST_TEST(book.hand_in(1, 0, 10).has_value());
  BOOST_TEST(book.usable(1));
}

BOOST_AUTO_TEST_CASE(a_result_counts_only_for_exactly_the_range_held) {
  store_fixture f(30);
  range_book book(10);
  book.take(f.store.read(), 1, name_of(7));
  BOOST_TEST(!book.hand_in(2, 0, 10).has_value());
  BOOST_TEST(!book.hand_in(1, 0, 9).has_value());
  BOOST_TEST(!book.hand_in(1, 1, 10).has_value());
  const auto range = book.hand_in(1, 0, 10);
  check(range, 0, 10, short_reason::full);
  BOOST_TEST((range->key == name_of(7)));
  BOOST_TEST(!book.hand_in(1, 0, 10).has_value());
}

BOOST_AUTO_TEST_CASE(the_range_of_a_lost_lease_goes_to_the_next_taker) {
  store_fixture f(25);
  range_book book(10);
  const auto view = f.store.read();
  book.take(view, 1, name_of(1));
  book.take(view, 2, name_of(2));
  book.drop(1);
  BOOST_TEST(!book.usable(1));
  const auto again = book.take(view, 3, name_of(3));
  check(again, 0, 10, short_reason::full);
  BOOST_TEST((again->key == name_of(3)));
  check(book.take(view, 4, name_of(4)), 20, 5, short_reason::end);
}

BOOST_AUTO_TEST_CASE(a_range_given_back_unsigned_goes_to_the_next_taker) {
  store_fixture f(10);
  range_book book(10);
  const auto view = f.store.read();
  book.release(1); // holds nothing: no effect
  BOOST_TEST(book.usable(1));
  book.take(view, 1, name_of(1));
  book.release(1);
  BOOST_TEST(!book.usable(1));
  BOOST_TEST(!book.hand_in(1, 0, 10).has_value());
  check(book.take(view, 2, name_of(2)), 0, 10, short_reason::full);
}

// What the check of fences prevents: the first holder of a range hands it in
// late, while another one is signing it.
BOOST_AUTO_TEST_CASE(a_late_result_is_refused_unless_the_check_is_off) {
  for (const bool with_check : {true, false}) {
    store_fixture f(10);
    range_book book(10, {}, with_check);
    const auto view = f.store.read();
    book.take(view, 1, name_of(1));
    book.drop(1);
    book.take(view, 2, name_of(2));
    BOOST_TEST(book.hand_in(1, 0, 10).has_value() == !with_check);
    BOOST_TEST(book.hand_in(2, 0, 10).has_value());
  }
}

BOOST_AUTO_TEST_CASE(it_starts_over_only_when_nothing_is_out) {
  store_fixture f(10);
  range_book book(10);
  const auto view = f.store.read();
  book.take(view, 1, name_of(1));
  BOOST_CHECK_THROW(book.rewind(), std::logic_error);
  book.drop(1);
  BOOST_CHECK_THROW(book.rewind(), std::logic_error);
  book.take(view, 2, name_of(1));
  book.hand_in(2, 0, 10);
  book.rewind();
  check(book.take(view, 3, name_of(1)), 0, 10, short_reason::full);
}

BOOST_AUTO_TEST_CASE(there_is_more_as_long_as_take_gives_a_range) {
  store_fixture f(20);
  put(f.store, 10, 10);
  range_book book(10);
  const auto view = f.store.read();
  BOOST_TEST(book.more(view));
  BOOST_TEST(book.more(view)); // asking takes nothing
  check(book.take(view, 1, name_of(1)), 0, 10, short_reason::full);
  BOOST_TEST(!book.more(view));
  book.drop(1); // its range is available again
  BOOST_TEST(book.more(view));
  book.take(view, 2, name_of(1));
  BOOST_TEST(!book.more(view));
  book.hand_in(2, 0, 10);
  BOOST_TEST(!book.more(view));
}

BOOST_AUTO_TEST_CASE(a_table_that_is_empty_or_signed_has_no_more) {
  store_fixture empty(0);
  range_book book(10);
  BOOST_TEST(!book.more(empty.store.read()));
  store_fixture whole(5);
  put(whole.store, 0, 5);
  BOOST_TEST(!range_book(10).more(whole.store.read()));
}

BOOST_AUTO_TEST_CASE(a_batch_size_of_zero_is_an_error) {
  BOOST_CHECK_THROW(range_book(0), std::invalid_argument);
}

// Whatever leases are lost, each unsigned record is handed in once.
BOOST_AUTO_TEST_CASE(every_unsigned_record_is_handed_in_exactly_once) {
  std::mt19937_64 random(new_seed("range_book"));
  for (unsigned round = 0; round < 12; ++round) {
    const auto records = 1 + below(300, random);
    store_fixture f(records);
    std::vector<unsigned> covered(records);
    for (std::uint64_t id = below(20, random); id < records;) {
      const auto count =
          std::min(records - id, std::uint64_t{1} + below(20, random));
      put(f.store, id, static_cast<std::uint32_t>(count));
      for (std::uint64_t i = id; i < id + count; ++i)
        ++covered[i];
      id += count + below(40, random);
    }
    range_book book(static_cast<std::uint32_t>(1 + below(30, random)));
    auto view = f.store.read();
    std::map<std::uint64_t, held_range> held;
    std::uint64_t fence = 0;
    for (;;) {
      const auto what = below(4, random);
      if (what < 2) {
        if (const auto range = book.take(view, ++fence, name_of(1)))
          held[fence] = *range;
        else if (held.empty())
          break;
      } else if (!held.empty()) {
        auto some = held.begin();
        std::advance(some, below(held.size(), random));
        const auto [f0, range] = *some;
        held.erase(some);
        if (what == 2) {
          book.drop(f0);
          BOOST_REQUIRE(!book.hand_in(f0, range.first, range.count));
        } else {
          BOOST_REQUIRE(book.hand_in(f0, range.first, range.count));
          for (std::uint64_t i = 0; i < range.count; ++i)
            ++covered[range.first + i];
        }
      }
    }
    BOOST_TEST(covered == std::vector<unsigned>(records, 1),
               boost::test_tools::per_element());
  }
}

namespace {

/// A service whose first records were there before; each later ten come at
/// once.
struct service_fixture {
  explicit service_fixture(std::uint64_t before)
      : f(before), book(10, actors::waiting_terms{250, before}) {}

  void come(std::uint64_t count, std::uint64_t time_ms) {
    auto transaction = f.store.write();
    const auto first = transaction.record_count();
    for (std::uint64_t i = 0; i < count; ++i)
      transaction.append_record(std::vector<std::byte>(10));
    transaction.put_arrival(
        {first, static_cast<std::uint32_t>(count), time_ms});
    transaction.commit();
  }

  std::optional<held_range> take(std::uint64_t time_ms) {
    const auto fence = ++last_fence;
    return book.take(f.store.read(), fence, name_of(1), time_ms);
  }

  store_fixture f;
  range_book book;
  std::uint64_t last_fence = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_service_lets_a_short_range_wait_for_more_records) {
  service_fixture s(0);
  BOOST_TEST(!s.book.due_ms(s.f.store.read()).has_value());
  s.come(3, 1'000);
  s.come(2, 1'100);
  BOOST_TEST(s.book.due_ms(s.f.store.read()).value() == 1'250u);
  BOOST_TEST(!s.book.more(s.f.store.read(), 1'249));
  BOOST_TEST(!s.take(1'249).has_value());
  BOOST_TEST(s.book.held() == 0u);
  BOOST_TEST(s.book.more(s.f.store.read(), 1'250));
  check(s.take(1'250), 0, 5, short_reason::waited);
  BOOST_TEST(!s.take(9'999).has_value());
}

BOOST_AUTO_TEST_CASE(a_service_hands_out_full_ranges_at_once) {
  service_fixture s(0);
  s.come(8, 1'000);
  s.come(15, 1'010);
  check(s.take(1'010), 0, 10, short_reason::full);
  check(s.take(1'010), 10, 10, short_reason::full);
  BOOST_TEST(!s.take(1'259).has_value());
  BOOST_TEST(s.book.due_ms(s.f.store.read()).value() == 1'260u);
  s.come(7, 1'200); // the rest becomes full
  BOOST_TEST(s.book.due_ms(s.f.store.read()).value() == 0u);
  check(s.take(1'200), 20, 10, short_reason::full);
}

BOOST_AUTO_TEST_CASE(what_was_there_before_a_service_is_due_at_once) {
  service_fixture s(13);
  check(s.take(1), 0, 10, short_reason::full);
  s.come(2, 1'000); // is signed with those that cannot wait
  check(s.take(1'000), 10, 5, short_reason::waited);
}

// The end of the table of an earlier look is no signed record.
BOOST_AUTO_TEST_CASE(a_service_never_takes_the_end_of_the_table_for_a_gap) {
  service_fixture s(0);
  s.come(3, 1'000);
  BOOST_TEST(!s.take(1'000).has_value()); // has looked
  s.come(4, 1'300);
  check(s.take(1'300), 0, 7, short_reason::waited);
  s.come(4, 1'400);
  BOOST_TEST(!s.take(1'400).has_value());
  s.come(9, 1'450);
  check(s.take(1'450), 7, 10, short_reason::full);
}

BOOST_AUTO_TEST_CASE(a_service_does_not_wait_before_a_signed_record) {
  service_fixture s(6);
  put(s.f.store, 3, 1);
  s.come(1, 1'000);
  check(s.take(1), 0, 3, short_reason::gap);
  check(s.take(1), 4, 3, short_reason::waited); // 4 and 5 were there before
}

BOOST_AUTO_TEST_CASE(a_range_that_comes_back_to_a_service_waits_no_more) {
  service_fixture s(0);
  s.come(4, 1'000);
  check(s.take(1'250), 0, 4, short_reason::waited);
  s.book.drop(s.last_fence);
  BOOST_TEST(s.book.due_ms(s.f.store.read()).value() == 0u);
  s.come(1, 1'260);
  check(s.take(1'260), 0, 4, short_reason::waited);
  BOOST_TEST(!s.take(1'260).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
