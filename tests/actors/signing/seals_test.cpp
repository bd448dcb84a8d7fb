// SPDX-License-Identifier: Apache-2.0
// What signing does otherwise for seals: the dispatcher's times, what the
// hasher hashes, and the keys that come back.
#include "actors/signing/dispatcher.hpp"
#include "actors/signing/epoch.hpp"
#include "actors/signing/unit_hasher.hpp"
#include "crypto/base/base64url.hpp"
#include "tests/actors/dispatcher_fixture.hpp"
#include "tests/actors/seal_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(seals_test)

using namespace chancery;
using namespace chancery::tests;

namespace {

/// A dispatcher of an epoch of seals from 1,000 to 5,000 ms.
struct fixture : dispatcher_fixture {
  fixture() {
    actors::dispatcher_config config;
    config.store = &disk.store;
    config.batch_size = 10;
    config.wall_clock_ms = [this] { return wall_clock; };
    config.progress = &progress;
    config.format = storage::signature_format::jades;
    config.begins_ms = 1'000;
    config.ends_ms = 5'000;
    dispatcher = keep(system.spawn(actors::dispatcher, config, writer));
  }
};

storage::epoch_opened open_with(storage::record_store& store,
                                const std::vector<storage::key_name>& active) {
  actors::epoch_options options;
  options.seals.emplace();
  for (const auto& key : active)
    options.seals->leaves[key] = key; // any name
  return actors::open_epoch(store, active, options).entry;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_batch_is_not_older_than_its_epoch, fixture) {
  wall_clock = 400; // a clock that went back
  const auto a = next({1});
  BOOST_TEST(a->value->time_ms == 1'000u);
  wall_clock = 2'000;
  BOOST_TEST(next({2})->value->time_ms == 2'000u);
  hand_in(batches(*a));
  advance(10ms);
  const auto row = disk.store.read().batch_of(0);
  BOOST_TEST(row->time_ms == 1'000u);
  BOOST_TEST(row->format == storage::signature_format::jades);
}

BOOST_FIXTURE_TEST_CASE(nothing_is_handed_out_when_a_certificate_ends,
                        fixture) {
  wall_clock = 4'999;
  const auto last = next({1});
  BOOST_TEST(batches(*last).size() == 1u);
  wall_clock = 5'000;
  const auto late = next({2});
  BOOST_TEST(batches(*late).empty());
  BOOST_TEST(!*over()->value); // one is out
  hand_in(batches(*last));
  advance(10ms);
  BOOST_TEST(*over()->value);
  BOOST_TEST(disk.store.read().signature_count() == 10u);
}

BOOST_AUTO_TEST_CASE(a_hasher_writes_the_header_of_each_batch) {
  store_fixture f(1'300);
  const auto keys = seal_keyring_of(2);
  const seal_authority authority;
  const auto leaves = authority.enrol_all(f.store, keys);
  std::vector<storage::key_name> ids;
  actors::epoch_options options;
  options.seals.emplace();
  options.seals->content_type = "json";
  for (std::size_t i = 0; i < 2; ++i) {
    ids.push_back(keys.keys()[i].key.id());
    options.seals->leaves[ids[i]] = leaves[i].id();
  }
  const auto opened = actors::open_epoch(f.store, ids, options);
  actors::unit_hasher hasher(
      f.store, keys.curve(),
      std::make_shared<actors::seal_formats>(keys.curve(), opened.event));
  const std::vector<actors::unit_batch> batches{{fence_of(1, 1), 600, 700},
                                                {fence_of(1, 2), 0, 3}};
  const std::vector<crypto::lease> leases{{ids[1], fence_of(1, 1)},
                                          {ids[0], fence_of(1, 2)}};
  const auto digests = hasher.digests_of(batches, leases, 7'999);

  std::string expected;
  const auto add = [&](const crypto::certificate& leaf, std::uint64_t id) {
    const std::span<const std::byte> chain[]{leaf.der()};
    const auto text =
        crypto::jades_header(keys.curve(), "json", chain).encoded(7) + "." +
        crypto::base64url_encode(bytes_of(record_of(id)));
    const auto hash = crypto::sha256(bytes_of(text));
    expected.append(hash.begin(), hash.end());
  };
  for (std::uint64_t id = 600; id < 1'300; ++id)
    add(leaves[1], id);
  for (std::uint64_t id = 0; id < 3; ++id)
    add(leaves[0], id);
  BOOST_TEST((digests == expected));

  auto other = leases;
  std::swap(other[0], other[1]);
  BOOST_CHECK_THROW(hasher.digests_of(batches, other, 7'999),
                    std::invalid_argument);
  auto unknown = leases;
  unknown[0].key = {};
  BOOST_CHECK_THROW(hasher.digests_of(batches, unknown, 7'999),
                    storage::corrupt);
  auto transaction = f.store.write();
  transaction.append_record({});
  transaction.commit();
  const std::vector<actors::unit_batch> empty{{fence_of(1, 1), 1'300, 1}};
  BOOST_CHECK_THROW(hasher.digests_of(empty, leases, 7'999), storage::corrupt);
}

BOOST_AUTO_TEST_CASE(an_epoch_announces_its_certificates_behind_its_opening) {
  store_fixture f(1);
  const auto opened = open_with(f.store, names_of(3));
  std::vector<storage::event> events;
  const auto view = f.store.read();
  auto journal = view.walk(storage::table::journal);
  for (bool more = journal.seek(0); more; more = journal.next())
    events.push_back(storage::decode_event(journal.value()));
  BOOST_REQUIRE(events.size() == 2u);
  BOOST_TEST((events[0] == storage::event(opened)));
  BOOST_TEST((events[1] == storage::event(storage::format_announced{
                               1, 2, "", names_of(3)})));
  actors::epoch_options lacking;
  lacking.seals.emplace();
  BOOST_CHECK_THROW(actors::open_epoch(f.store, names_of(1), lacking),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(keys_that_come_back_stand_at_the_old_end) {
  store_fixture f(1);
  const auto n = name_of;
  using order = std::vector<storage::key_name>;
  BOOST_TEST((open_with(f.store, {n(1), n(2), n(3), n(4)}).key_order ==
              order{n(1), n(2), n(3), n(4)}));
  BOOST_TEST((open_with(f.store, {n(2), n(4)}).key_order == order{n(2), n(4)}));
  BOOST_TEST((open_with(f.store, {n(4)}).key_order == order{n(4)}));
  // 5 is new; 1 and 3 were last listed before 2.
  BOOST_TEST((open_with(f.store, {n(1), n(2), n(3), n(4), n(5)}).key_order ==
              order{n(5), n(1), n(3), n(2), n(4)}));
}

BOOST_AUTO_TEST_SUITE_END()
