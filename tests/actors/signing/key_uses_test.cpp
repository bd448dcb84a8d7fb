// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/key_uses.hpp"

#include "tests/actors/fixture.hpp"
#include "tests/apps/stores.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

BOOST_AUTO_TEST_SUITE(key_uses_test)

using namespace chancery;
using namespace chancery::tests;
using namespace chancery::storage;

namespace {

void append_events(record_store& store, const std::vector<event>& events) {
  auto txn = store.write();
  for (const auto& e : events) {
    const auto encoded = encode(e);
    txn.append_event(bytes_of(encoded));
  }
  txn.commit();
}

epoch_opened epoch_with(std::uint32_t epoch, std::vector<key_name> order) {
  epoch_opened e;
  e.epoch = epoch;
  e.batch_size = 10;
  e.key_order = std::move(order);
  return e;
}

/// "2:1 3:0": the keys in their order, each with its uses.
std::string order_of(const actors::key_uses& uses) {
  std::string text;
  for (const auto& key : uses.order())
    text += (text.empty() ? "" : " ") + std::to_string(key.key[1]) + ":" +
            std::to_string(key.uses);
  return text;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(it_follows_the_journal_and_begins_anew_with_an_epoch,
                        small_store) {
  actors::key_uses uses;
  uses.follow(store->read());
  BOOST_TEST(!uses.epoch());
  BOOST_TEST(uses.order().empty());

  append_events(*store, {epoch_with(1, names_of(3)),
                         lease_lent{fence_of(1, 1), name_of(1), false, 0, ""},
                         lease_returned{fence_of(1, 1)}});
  uses.follow(store->read());
  BOOST_TEST(uses.epoch().value() == 1u);
  BOOST_TEST(order_of(uses) == "2:0 3:0 1:1");

  append_events(*store, {lease_lent{fence_of(1, 2), name_of(2), false, 0, ""}});
  uses.follow(store->read());
  uses.follow(store->read());
  BOOST_TEST(order_of(uses) == "3:0 1:1 2:1");

  append_events(*store, {epoch_with(2, {name_of(3), name_of(1), name_of(2)}),
                         lease_lent{fence_of(2, 1), name_of(3), false, 0, ""}});
  uses.follow(store->read());
  BOOST_TEST(uses.epoch().value() == 2u);
  BOOST_TEST(order_of(uses) == "1:0 2:0 3:1");

  append_events(
      *store,
      {leases_lent{fence_of(2, 2), false, 0, {name_of(1), name_of(2)}, ""},
       leases_returned{{fence_of(2, 2), fence_of(2, 1)}}});
  uses.follow(store->read());
  BOOST_TEST(order_of(uses) == "1:1 3:1 2:1");

  actors::key_uses late;
  late.follow(store->read());
  BOOST_TEST(order_of(late) == order_of(uses));
}

BOOST_FIXTURE_TEST_CASE(it_knows_who_holds_a_key, small_store) {
  append_events(*store,
                {epoch_with(1, names_of(3)),
                 lease_lent{fence_of(1, 1), name_of(1), false, 0, ""},
                 lease_lent{fence_of(1, 2), name_of(2), true, 500, "w2"},
                 lease_lent{fence_of(1, 3), name_of(3), false, 0, ""},
                 lease_returned{fence_of(1, 3)}});
  actors::key_uses uses;
  uses.follow(store->read());
  std::map<key_name, std::optional<std::string>> holders;
  for (const auto& key : uses.order())
    holders[key.key] = key.holder;
  BOOST_TEST(holders.at(name_of(1)).value() == "");
  BOOST_TEST(holders.at(name_of(2)).value() == "w2");
  BOOST_TEST(!holders.at(name_of(3)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
