// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/unit_hasher.hpp"

#include "actors/signing/record_reader.hpp"
#include "actors/signing/unit.hpp"
#include "crypto/base/bytes.hpp"
#include "tests/actors/actor_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(unit_hasher_test)

using namespace chancery;
using namespace chancery::tests;

namespace {

constexpr std::uint64_t records = 1'300;

struct fixture : actor_fixture {
  fixture() : actor_fixture(records) {}

  static std::string batches(const std::vector<actors::unit_batch>& list) {
    std::string bytes;
    for (const auto& batch : list)
      actors::encode(batch, bytes);
    return bytes;
  }

  std::string of(const std::vector<actors::unit_batch>& list) {
    return hasher.digests_of(list);
  }

  static std::string digest(std::uint64_t id) {
    const auto hash = crypto::sha256(bytes_of(record_of(id)));
    return {hash.begin(), hash.end()};
  }

  actors::unit_hasher hasher{disk.store, crypto::curve::p256};
};

} // namespace

BOOST_FIXTURE_TEST_CASE(digests_are_in_the_order_of_the_batches, fixture) {
  // More than are hashed at once; ranges that follow each other, and not.
  const auto digests = of({{1, 700, 600}, {2, 0, 10}, {3, 10, 5}, {4, 300, 1}});
  std::string expected;
  for (std::uint64_t id = 700; id < 1'300; ++id)
    expected += digest(id);
  for (std::uint64_t id = 0; id < 15; ++id)
    expected += digest(id);
  expected += digest(300);
  BOOST_TEST((digests == expected));
  BOOST_TEST(of({}).empty());
}

BOOST_FIXTURE_TEST_CASE(a_record_that_is_missing_is_damage, fixture) {
  BOOST_CHECK_THROW(of({{1, records - 5, 10}}), storage::corrupt);
  BOOST_CHECK_THROW(actors::decode_unit_batches("x"), std::invalid_argument);
  // It goes on afterwards.
  BOOST_TEST((of({{1, 7, 1}}) == digest(7)));
}

BOOST_FIXTURE_TEST_CASE(records_that_came_later_are_read, fixture) {
  auto transaction = disk.store.write();
  transaction.append_record(bytes_of("later"));
  transaction.commit();
  const auto hash = crypto::sha256(bytes_of("later"));
  BOOST_TEST((of({{1, records, 1}}) == std::string(hash.begin(), hash.end())));
}

BOOST_FIXTURE_TEST_CASE(the_reader_of_others_answers_and_ends_with_damage,
                        fixture) {
  const auto reader =
      keep(system.spawn(actors::record_reader, &disk.store, crypto::curve::p256,
                        std::shared_ptr<actors::seal_formats>()));
  auto& who = new_asker();
  const auto asked = [&](std::uint64_t first) {
    auto a = who.ask<actors::unit>(reader, actors::hash_atom_v,
                                   actors::unit{{}, batches({{1, first, 2}})});
    run();
    return a;
  };
  const auto a = asked(5);
  BOOST_REQUIRE(a->value);
  BOOST_TEST((a->value->digests == digest(5) + digest(6)));
  BOOST_TEST((a->value->batches == batches({{1, 5, 2}})));
  check_fault(*asked(records - 1), actors::fault::damaged);
  BOOST_TEST(!asked(5)->value); // it has ended
}

BOOST_AUTO_TEST_SUITE_END()
