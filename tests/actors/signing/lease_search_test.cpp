// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/lease_search.hpp"

#include "tests/actors/fixture.hpp"
#include "tests/apps/stores.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <map>
#include <string>

BOOST_AUTO_TEST_SUITE(lease_search_test)

using namespace chancery;
using namespace chancery::tests;
using namespace chancery::storage;

namespace {

void append_event(write_transaction& txn, const event& e) {
  const auto encoded = encode(e);
  txn.append_event(bytes_of(encoded));
}

} // namespace

// Leases alone and many at once, with returns between them, over three epochs.
BOOST_FIXTURE_TEST_CASE(each_lease_is_found_and_no_other, small_store) {
  std::map<std::uint64_t, std::string> lent;
  auto txn = store->write();
  for (std::uint32_t epoch = 1; epoch <= 3; ++epoch) {
    epoch_opened opened;
    opened.epoch = epoch;
    opened.batch_size = 10;
    opened.key_order = names_of(4);
    append_event(txn, opened);
    for (std::uint32_t i = 1; i < 40; i += 4) {
      const auto who = fmt::format("w{}", i % 3);
      append_event(txn,
                   lease_lent{fence_of(epoch, i), name_of(1), true, 5, who});
      leases_lent many{fence_of(epoch, i + 1), false, 0, {}, ""};
      many.keys = {name_of(2), name_of(3)};
      append_event(txn, many);
      append_event(txn, lease_returned{fence_of(epoch, i)});
      append_event(txn, lease_lost{fence_of(epoch, i + 1)});
      append_event(txn, lease_returned{fence_of(epoch, i + 2)});
      lent.emplace(fence_of(epoch, i), who);
      lent.emplace(fence_of(epoch, i + 1), "");
      lent.emplace(fence_of(epoch, i + 2), "");
    }
  }
  txn.commit();
  const auto view = store->read();
  for (const auto& [fence, who] : lent) {
    const auto found = actors::find_lease(view, fence);
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->fence == fence);
    BOOST_TEST(found->borrower == who);
    BOOST_TEST(found->remote == !who.empty());
  }
  for (const auto fence : {std::uint64_t{0}, fence_of(1, 0), fence_of(1, 4),
                           fence_of(2, 40), fence_of(4, 1), UINT64_MAX})
    BOOST_TEST(!actors::find_lease(view, fence).has_value());
}

BOOST_FIXTURE_TEST_CASE(an_empty_journal_has_none, small_store) {
  BOOST_TEST(!actors::find_lease(store->read(), fence_of(1, 1)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
