// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/lease_book.hpp"

#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <list>

BOOST_AUTO_TEST_SUITE(lease_book_test)

using namespace chancery;
using namespace chancery::tests;
using namespace std::chrono_literals;
using actors::lease_book;
using actors::lease_terms;
using actors::milliseconds;

namespace {

lease_terms local(std::uint64_t holder) { return {holder, false, 0, 0ms}; }

lease_terms remote(std::uint32_t ttl_ms, milliseconds now) {
  return {99, true, ttl_ms, now};
}

// The rules of leases, as a naive model over lists that are searched.
class naive_book {
 public:
  struct lease {
    std::uint64_t fence;
    storage::key_name key;
    lease_terms terms;
  };

  explicit naive_book(std::vector<storage::key_name> order)
      : idle(order.begin(), order.end()) {}

  void lend(const actors::lent_key& l, const lease_terms& terms) {
    // Fences grow, and the key is the one that was idle for longest.
    BOOST_REQUIRE_GT(l.fence, last_fence);
    BOOST_REQUIRE(!idle.empty());
    BOOST_REQUIRE(l.key == idle.front());
    for (const auto& other : out)
      BOOST_REQUIRE(other.key != l.key);
    last_fence = l.fence;
    idle.pop_front();
    out.push_back({l.fence, l.key, terms});
  }

  bool give_back(const storage::key_name& key, std::uint64_t fence) {
    return !end([&](const lease& l) {
              return l.key == key && l.fence == fence;
            }).empty();
  }

  bool renew(const storage::key_name& key, std::uint64_t fence,
             milliseconds now) {
    for (auto& l : out)
      if (l.key == key && l.fence == fence && l.terms.remote &&
          !is_over(l, now)) {
        l.terms.now = now;
        return true;
      }
    return false;
  }

  std::vector<std::uint64_t> end_holder(std::uint64_t holder) {
    return end([&](const lease& l) {
      return !l.terms.remote && l.terms.holder == holder;
    });
  }

  std::vector<std::uint64_t> end_expired(milliseconds now) {
    return end(
        [&](const lease& l) { return l.terms.remote && is_over(l, now); });
  }

  std::list<storage::key_name> idle; // least recently used first
  std::vector<lease> out;            // in the order of lending
  std::uint64_t last_fence = 0;

 private:
  static bool is_over(const lease& l, milliseconds now) {
    const auto ttl = static_cast<std::int64_t>(l.terms.ttl_ms);
    return (now - l.terms.now).count() >= ttl * 11 / 10 + 1000;
  }

  template <class Predicate>
  std::vector<std::uint64_t> end(Predicate ends) {
    std::vector<std::uint64_t> fences;
    std::vector<lease> left;
    for (const auto& l : out) {
      if (!ends(l)) {
        left.push_back(l);
        continue;
      }
      fences.push_back(l.fence);
      idle.push_back(l.key);
    }
    out = left;
    return fences;
  }
};

// Drives a book and its model with random borrowers, valid and invalid returns,
// deaths and the passing of time.
void compare(std::mt19937_64& random) {
  const auto names = names_of(1 + static_cast<unsigned>(below(12, random)));
  lease_book book(3, names);
  naive_book naive(names);
  milliseconds now{0};
  for (unsigned step = 0; step < 400; ++step) {
    now += milliseconds{below(400, random)};
    switch (below(6, random)) {
    case 0: {
      lease_terms terms{below(4, random), below(2, random) == 0, 0, now};
      if (terms.remote)
        terms.ttl_ms = static_cast<std::uint32_t>(below(3000, random));
      const auto wanted = below(4, random);
      const auto lent = book.lend(wanted, terms);
      BOOST_REQUIRE_EQUAL(lent.size(), std::min(wanted, naive.idle.size()));
      for (const auto& l : lent)
        naive.lend(l, terms);
      break;
    }
    case 1: {
      const auto& key = names[below(names.size(), random)];
      const auto fence = fence_of(
          3, static_cast<std::uint32_t>(below(naive.last_fence + 3, random)));
      BOOST_REQUIRE_EQUAL(book.give_back(key, fence),
                          naive.give_back(key, fence));
      break;
    }
    case 2:
      if (!naive.out.empty()) {
        const auto l = naive.out[below(naive.out.size(), random)];
        BOOST_REQUIRE(book.give_back(l.key, l.fence));
        BOOST_REQUIRE(naive.give_back(l.key, l.fence));
        BOOST_REQUIRE(!book.give_back(l.key, l.fence));
      }
      break;
    case 3:
      if (!naive.out.empty()) {
        const auto l = naive.out[below(naive.out.size(), random)];
        const auto fence = l.fence + below(2, random);
        BOOST_REQUIRE_EQUAL(book.renew(l.key, fence, now),
                            naive.renew(l.key, fence, now));
      }
      break;
    case 4: {
      const auto holder = below(4, random);
      BOOST_REQUIRE(book.end_holder(holder) == naive.end_holder(holder));
      break;
    }
    default: {
      const auto next = book.next_expiry();
      const bool due = next && *next <= now;
      const auto ended = book.end_expired(now);
      BOOST_REQUIRE(ended == naive.end_expired(now));
      BOOST_REQUIRE_EQUAL(due, !ended.empty());
    }
    }
    BOOST_REQUIRE_EQUAL(book.idle(), naive.idle.size());
    BOOST_REQUIRE_EQUAL(book.out(), naive.out.size());
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(it_agrees_with_a_naive_book) {
  std::mt19937_64 random(new_seed("lease_book"));
  for (unsigned round = 0; round < 40; ++round)
    compare(random);
}

BOOST_AUTO_TEST_CASE(a_fence_is_the_epoch_and_a_counter_from_one) {
  lease_book book(5, names_of(3));
  const auto lent = book.lend(2, local(1));
  BOOST_REQUIRE_EQUAL(lent.size(), 2u);
  BOOST_TEST(lent[0].fence == fence_of(5, 1));
  BOOST_TEST(lent[1].fence == fence_of(5, 2));
  BOOST_TEST((lent[0].key == name_of(1)));
}

BOOST_AUTO_TEST_CASE(no_key_is_out_twice) {
  lease_book book(1, names_of(2));
  BOOST_TEST(book.lend(9, local(1)).size() == 2u);
  BOOST_TEST(book.lend(1, local(2)).empty());
}

BOOST_AUTO_TEST_CASE(a_key_twice_in_the_order_is_an_error) {
  BOOST_CHECK_THROW(lease_book(1, {name_of(1), name_of(1)}),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_return_under_another_keys_fence_is_refused) {
  lease_book book(1, names_of(2));
  const auto lent = book.lend(2, local(1));
  BOOST_TEST(!book.give_back(lent[0].key, lent[1].fence));
  BOOST_TEST(!book.give_back(name_of(77), lent[0].fence));
  BOOST_TEST(book.out() == 2u);
}

BOOST_AUTO_TEST_CASE(a_holders_end_returns_its_local_leases_only) {
  lease_book book(1, names_of(4));
  const auto mine = book.lend(1, local(1));
  book.lend(1, local(2));
  book.lend(1, {1, true, 500, 0ms});
  BOOST_TEST(book.end_holder(1) == std::vector{mine[0].fence},
             boost::test_tools::per_element());
  BOOST_TEST(book.out() == 2u);
}

BOOST_AUTO_TEST_CASE(a_remote_lease_runs_out_after_its_wait) {
  lease_book book(1, names_of(1));
  const auto lent = book.lend(1, remote(2000, 500ms));
  const auto due = 500ms + 2200ms + 1000ms;
  BOOST_TEST((book.next_expiry() == due));
  BOOST_TEST(book.end_expired(due - 1ms).empty());
  BOOST_TEST(book.end_expired(due) == std::vector{lent[0].fence},
             boost::test_tools::per_element());
  BOOST_TEST(!book.next_expiry().has_value());
}

BOOST_AUTO_TEST_CASE(a_renewed_lease_counts_its_time_from_now) {
  lease_book book(1, names_of(1));
  const auto lent = book.lend(1, remote(2000, 0ms))[0];
  BOOST_TEST(book.renew(lent.key, lent.fence, 3199ms));
  BOOST_TEST((book.next_expiry() == 3199ms + 3200ms));
  BOOST_TEST(book.end_expired(6398ms).empty());
  BOOST_TEST(book.end_expired(6399ms) == std::vector{lent.fence},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_lease_whose_wait_is_over_is_not_renewed) {
  lease_book book(1, names_of(1));
  const auto lent = book.lend(1, remote(2000, 0ms))[0];
  BOOST_TEST(!book.renew(lent.key, lent.fence, 3200ms));
  // Nor is it after the book has ended it.
  book.end_expired(3200ms);
  BOOST_TEST(!book.renew(lent.key, lent.fence, 3200ms));
  BOOST_TEST(book.idle() == 1u);
}

BOOST_AUTO_TEST_CASE(only_the_current_lease_of_a_key_is_renewed) {
  lease_book book(1, names_of(2));
  const auto lent = book.lend(2, remote(2000, 0ms));
  BOOST_TEST(!book.renew(lent[0].key, lent[1].fence, 1ms));
  BOOST_TEST(!book.renew(name_of(77), lent[0].fence, 1ms));
  BOOST_TEST(!book.renew(lent[0].key, lent[0].fence + 7, 1ms));
  book.give_back(lent[0].key, lent[0].fence);
  BOOST_TEST(!book.renew(lent[0].key, lent[0].fence, 1ms));
  BOOST_TEST((book.next_expiry() == 3200ms));
}

BOOST_AUTO_TEST_CASE(a_local_lease_is_not_renewed) {
  lease_book book(1, names_of(1));
  const auto lent = book.lend(1, local(1))[0];
  BOOST_TEST(!book.renew(lent.key, lent.fence, 1ms));
}

// Only a test uses this: the one that shows what keeping them prevents.
BOOST_AUTO_TEST_CASE(a_holders_end_can_take_its_remote_leases_along) {
  lease_book book(1, names_of(3));
  const auto here = book.lend(1, local(99));
  const auto far = book.lend(1, remote(2000, 0ms));
  book.lend(1, local(1));
  const std::vector expected{here[0].fence, far[0].fence};
  BOOST_TEST(book.end_holder(99, true) == expected,
             boost::test_tools::per_element());
  BOOST_TEST(!book.next_expiry().has_value());
}

BOOST_AUTO_TEST_CASE(a_local_lease_never_runs_out) {
  lease_book book(1, names_of(1));
  book.lend(1, local(1));
  BOOST_TEST(!book.next_expiry().has_value());
  BOOST_TEST(book.end_expired(1'000'000h).empty());
}

// What the check of fences prevents: the late return of the first borrower
// frees a key that another one holds by then.
BOOST_AUTO_TEST_CASE(a_late_return_must_not_free_a_key_that_is_lent_again) {
  for (const bool check : {true, false}) {
    lease_book book(1, names_of(1), check);
    const auto first = book.lend(1, remote(10, 0ms))[0];
    book.end_expired(10s);
    const auto second = book.lend(1, local(2))[0];
    BOOST_REQUIRE(first.key == second.key);
    BOOST_TEST(book.give_back(first.key, first.fence) == !check);
    // Without the check, two borrowers hold the key now.
    BOOST_TEST(book.lend(1, local(3)).size() == (check ? 0u : 1u));
  }
}

BOOST_AUTO_TEST_CASE(a_lease_is_renewed_until_it_is_too_old) {
  lease_book book(1, names_of(2));
  auto terms = remote(10'000, 0ms);
  terms.life = 25s;
  terms.borrower = "w1";
  const auto lent = book.lend(1, terms)[0];
  const auto free = book.lend(1, remote(10'000, 0ms))[0];
  for (auto now = 5s; now < 25s; now += 5s) {
    BOOST_TEST(book.too_old(lent.fence, now) == nullptr);
    BOOST_TEST(book.renew(lent.key, lent.fence, now));
    BOOST_TEST(book.renew(free.key, free.fence, now));
  }
  BOOST_TEST(!book.renew(lent.key, lent.fence, 25s));
  BOOST_REQUIRE(book.too_old(lent.fence, 25s) != nullptr);
  BOOST_TEST(book.too_old(lent.fence, 25s)->borrower == "w1");
  BOOST_TEST(book.too_old(free.fence, 25s) == nullptr);
  BOOST_TEST(book.renew(free.key, free.fence, 25s)); // without a limit
  // It ends as it would have without the last attempt.
  BOOST_TEST(book.end_expired(31'999ms).empty());
  BOOST_TEST(book.end_expired(32s) == std::vector{lent.fence},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_lifes_length_goes_with_its_unit) {
  BOOST_TEST((actors::lease_life(10'000, 1'536) == 115'360ms));
  BOOST_TEST((actors::lease_life(500, 1) == 5'010ms));
  BOOST_TEST((actors::lease_life(3'600'000, 65'536) < 0xffff'ffff * 1ms));
}

BOOST_AUTO_TEST_SUITE_END()
