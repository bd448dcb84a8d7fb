// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/lease_replay.hpp"

#include "actors/signing/lease_book.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(lease_replay_test)

using namespace chancery;
using namespace chancery::tests;
using namespace chancery::storage;
using actors::lease_replay;
using actors::replay_fault;
using promise = replay_fault::promise;

namespace {

epoch_opened opened(std::uint32_t epoch, std::vector<key_name> order) {
  epoch_opened e;
  e.epoch = epoch;
  e.batch_size = 10;
  e.key_order = std::move(order);
  return e;
}

lease_lent lent(std::uint32_t counter, unsigned key, std::uint32_t epoch = 1) {
  return {fence_of(epoch, counter), name_of(key), false, 0, ""};
}

// A replay that has accepted these events.
lease_replay after(const std::vector<event>& events) {
  lease_replay replay;
  for (const auto& e : events) {
    const auto fault = replay.apply(e);
    BOOST_REQUIRE_MESSAGE(!fault, fault->what);
  }
  return replay;
}

// Expects that the event, after these, breaks that promise, with this text.
void expect(const std::vector<event>& before, const event& e, promise p,
            const std::string& text) {
  auto replay = after(before);
  const auto fault = replay.apply(e);
  BOOST_REQUIRE_MESSAGE(fault, "no fault found where expected: " << text);
  BOOST_TEST((fault->broken == p));
  BOOST_TEST(contains(fault->what, text), fault->what);
}

const std::vector<event> two_keys{opened(1, names_of(2))};

} // namespace

BOOST_AUTO_TEST_CASE(an_honest_epoch_is_taken_without_a_complaint) {
  const auto replay = after({opened(1, names_of(3)), lent(1, 1), lent(2, 2),
                             lease_returned{fence_of(1, 2)}, lent(3, 3),
                             lease_lost{fence_of(1, 1)}, lent(4, 2)});
  BOOST_TEST(replay.idle() == 1u);
  BOOST_TEST(replay.out() == 2u);
  BOOST_REQUIRE(replay.find_out(fence_of(1, 4)) != nullptr);
  BOOST_TEST((replay.find_out(fence_of(1, 4))->key == name_of(2)));
  BOOST_TEST(replay.find_out(fence_of(1, 1)) == nullptr);
}

BOOST_AUTO_TEST_CASE(every_fault_of_a_lease_is_found) {
  auto some = two_keys;
  expect({}, lent(1, 1), promise::journal, "outside an epoch");
  expect(some, lent(1, 1, 2), promise::journal, "is lent in epoch 1");
  expect(some, lent(1, 9), promise::journal, "its epoch does not have");
  expect(some, lent(1, 2), promise::order, "least recently used");
  some.push_back(lent(5, 1));
  expect(some, lent(6, 1), promise::exclusive, "that lease 1.5 holds");
  expect(some, lent(5, 2), promise::journal, "comes after lease 1.5");
  expect(some, lent(4, 2), promise::journal, "comes after lease 1.5");
  some.push_back(epoch_closed{1, 0});
  expect(some, lent(6, 2), promise::journal, "outside an epoch");
}

BOOST_AUTO_TEST_CASE(leases_lent_together_are_taken_one_by_one) {
  const auto together = [](std::uint32_t counter, std::vector<unsigned> keys) {
    leases_lent e;
    e.first_fence = fence_of(1, counter);
    for (const auto key : keys)
      e.keys.push_back(name_of(key));
    return e;
  };
  const auto back = [](std::vector<std::uint32_t> counters) {
    leases_returned e;
    for (const auto counter : counters)
      e.fences.push_back(fence_of(1, counter));
    return e;
  };
  const auto start = opened(1, names_of(4));
  const auto replay = after({start, together(1, {1, 2, 3}), back({3, 1}),
                             lent(4, 4), together(5, {3, 1})});
  BOOST_TEST((replay.find_out(fence_of(1, 5))->key == name_of(3)));
  BOOST_TEST(replay.out() == 4u);
  expect({start}, together(1, {1, 3}), promise::order, "lease 1.2 did not");
  expect({start}, together(1, {2, 1}), promise::order, "lease 1.1 did not");
  expect({start, lent(1, 1)}, together(2, {2, 1}), promise::exclusive,
         "lease 1.3 lends a key that lease 1.1 holds");
  expect({start, lent(1, 1)}, together(1, {2, 3}), promise::journal,
         "lease 1.1 comes after");
  expect({start, together(1, {1, 2})}, back({1, 3}), promise::journal,
         "lease 1.3 is returned but was not out");
  expect({start, together(1, {1, 2})}, back({2, 2}), promise::journal,
         "lease 1.2 is returned but was not out");
}

BOOST_AUTO_TEST_CASE(every_fault_of_a_remote_lease_is_found) {
  auto far = lent(1, 1);
  far.remote = true;
  far.ttl_ms = 100;
  expect(two_keys, far, promise::journal, "remote in an epoch without");
  auto terms = opened(1, names_of(2));
  terms.remote_possible = true;
  terms.ttl_ms_max = 99;
  expect({terms}, far, promise::journal, "longer than its epoch allows");
  terms.ttl_ms_max = 100;
  after({terms, far});
}

BOOST_AUTO_TEST_CASE(every_fault_of_a_return_is_found) {
  const auto fence = fence_of(1, 1);
  for (const event& end :
       {event(lease_returned{fence}), event(lease_lost{fence})}) {
    expect(two_keys, end, promise::journal, "but was not out");
    expect({two_keys[0], lent(1, 1), end}, end, promise::journal,
           "but was not out");
    expect({two_keys[0], lent(1, 1), epoch_closed{1, 0}}, end, promise::journal,
           "but was not out");
    expect({two_keys[0], lent(1, 1), opened(2, {name_of(2), name_of(1)})}, end,
           promise::journal, "but was not out");
  }
}

BOOST_AUTO_TEST_CASE(every_fault_of_an_epoch_is_found) {
  expect(two_keys, opened(1, names_of(2)), promise::journal,
         "epoch 1 opens after epoch 1");
  expect({opened(5, names_of(2))}, opened(4, names_of(2)), promise::journal,
         "epoch 4 opens after epoch 5");
  expect(two_keys, opened(2, {name_of(1), name_of(2), name_of(1)}),
         promise::journal, "names a key twice");
  auto none = opened(2, names_of(2));
  none.batch_size = 0;
  expect(two_keys, none, promise::journal, "batch size 0");
  expect(two_keys, opened(2, {name_of(2), name_of(1)}), promise::order,
         "does not continue the key order");
  // A new key must come first, as the oldest.
  expect(two_keys, opened(2, names_of(3)), promise::order,
         "does not continue the key order");
  expect({}, epoch_closed{1, 0}, promise::journal, "is not open");
  expect(two_keys, epoch_closed{2, 0}, promise::journal, "is not open");
  expect({two_keys[0], epoch_closed{1, 0}}, epoch_closed{1, 0},
         promise::journal, "is not open");
}

BOOST_AUTO_TEST_CASE(signatures_are_withdrawn_only_between_epochs) {
  const auto withdrawn = [](std::uint32_t epoch) {
    signatures_withdrawn e;
    e.row.fence = fence_of(epoch, 1);
    e.row.count = 1;
    e.runs = {{0, 1}};
    return e;
  };
  const auto again = opened(2, {name_of(2), name_of(1)});
  const epoch_closed end{1, 0};
  after({two_keys[0], lent(1, 1), withdrawn(1), withdrawn(1), again});
  after({two_keys[0], end, withdrawn(1), opened(2, names_of(2)), withdrawn(1),
         withdrawn(2)});
  const std::vector<event> over{two_keys[0], lent(1, 1), withdrawn(1)};
  const std::string text = "epoch 1 goes on after signatures were withdrawn";
  expect(over, lent(2, 2), promise::journal, text);
  expect(over, lease_returned{fence_of(1, 1)}, promise::journal, text);
  expect(over, lease_lost{fence_of(1, 1)}, promise::journal, text);
  expect(over, end, promise::journal, text);
  expect(two_keys, withdrawn(2), promise::journal, "before its epoch 2 opens");
  expect({}, withdrawn(1), promise::journal, "before its epoch 1 opens");
}

BOOST_AUTO_TEST_CASE(the_policy_for_workers_comes_right_after_the_opening) {
  const workers_verified one{1, worker_policy::all, 1};
  after({two_keys[0], one, lent(1, 1)});
  expect({two_keys[0], one}, one, promise::journal, "states elsewhere");
  expect({two_keys[0], lent(1, 1)}, one, promise::journal, "states elsewhere");
  expect({}, one, promise::journal, "states elsewhere");
  expect(two_keys, workers_verified{2, worker_policy::all, 1}, promise::journal,
         "epoch 2 states elsewhere");
}

BOOST_AUTO_TEST_CASE(
    keys_out_at_the_end_count_as_returned_in_order_of_lending) {
  const auto replay = after({opened(1, names_of(4)), lent(1, 1), lent(2, 2),
                             lent(3, 3), lease_returned{fence_of(1, 2)}});
  const std::vector<key_name> order{name_of(4), name_of(2), name_of(1),
                                    name_of(3)};
  BOOST_TEST((replay.key_order() == order));
  after({opened(1, names_of(4)), lent(1, 1), lent(2, 2), lent(3, 3),
         lease_returned{fence_of(1, 2)}, opened(2, order), lent(1, 4, 2)});
}

BOOST_AUTO_TEST_CASE(new_keys_stand_at_the_old_end_and_retired_ones_are_gone) {
  const std::vector<key_name> before{name_of(3), name_of(1), name_of(2)};
  const std::vector<key_name> active{name_of(1), name_of(5), name_of(3),
                                     name_of(4)};
  const std::vector<key_name> order{name_of(5), name_of(4), name_of(3),
                                    name_of(1)};
  BOOST_TEST((actors::next_key_order(before, active) == order));
  BOOST_TEST((actors::next_key_order({}, active) == active));
  after({opened(1, before), opened(2, order)});
}

// The replay accepts everything that a lease book does, and gets the same key
// order.
BOOST_AUTO_TEST_CASE(it_agrees_with_a_lease_book_over_epochs) {
  std::mt19937_64 random(new_seed("lease_replay"));
  for (unsigned round = 0; round < 30; ++round) {
    lease_replay replay;
    auto active = names_of(1 + static_cast<unsigned>(below(8, random)));
    for (std::uint32_t epoch = 1; epoch < 6; ++epoch) {
      const auto order = actors::next_key_order(replay.key_order(), active);
      actors::lease_book book(epoch, order);
      std::vector<actors::lent_key> out;
      const auto take = [&](const event& e) {
        const auto fault = replay.apply(e);
        BOOST_REQUIRE_MESSAGE(!fault, fault->what);
      };
      take(opened(epoch, order));
      for (unsigned step = 0; step < 60; ++step) {
        if (out.empty() || below(2, random) == 0) {
          for (const auto& l : book.lend(below(3, random), {})) {
            take(lease_lent{l.fence, l.key, false, 0, ""});
            out.push_back(l);
          }
        } else {
          std::swap(out[below(out.size(), random)], out.back());
          BOOST_REQUIRE(book.give_back(out.back().key, out.back().fence));
          take(lease_returned{out.back().fence});
          out.pop_back();
        }
      }
      BOOST_REQUIRE_EQUAL(replay.idle(), book.idle());
      if (below(2, random) == 0)
        take(epoch_closed{epoch, 0});
      if (active.size() > 1 && below(2, random) == 0)
        active.erase(active.begin() +
                     static_cast<std::ptrdiff_t>(below(active.size(), random)));
      active.push_back(name_of(100 + epoch + 10 * round));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
