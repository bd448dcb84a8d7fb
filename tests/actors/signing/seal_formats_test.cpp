// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/seal_formats.hpp"

#include "tests/actors/seal_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(seal_formats_test)

using namespace chancery;
using namespace chancery::tests;

namespace {

struct fixture : store_fixture {
  fixture() : store_fixture(1) {}

  std::uint64_t open(std::uint32_t epoch,
                     const std::vector<storage::certificate_name>& leaves,
                     const std::string& content_type = "") {
    storage::epoch_opened opened;
    opened.epoch = epoch;
    opened.batch_size = 10;
    for (std::size_t i = 0; i < leaves.size(); ++i)
      opened.key_order.push_back(id(i));
    auto transaction = store.write();
    const auto put = [&](const storage::event& e) {
      return transaction.append_event(bytes_of(storage::encode(e)));
    };
    const auto first = put(opened);
    put(storage::format_announced{epoch, 2, content_type, leaves});
    transaction.commit();
    return first;
  }

  storage::key_name id(std::size_t n) const { return keys.keys()[n].key.id(); }

  std::string fault(std::uint32_t epoch, std::size_t key) {
    try {
      formats.header_of(store.read(), epoch, id(key));
      return {};
    } catch (const storage::corrupt& e) {
      return e.what();
    }
  }

  crypto::keyring keys = seal_keyring_of(3);
  seal_authority authority;
  actors::seal_formats formats{crypto::curve::p256};
};

} // namespace

BOOST_FIXTURE_TEST_CASE(a_header_follows_from_epoch_and_key, fixture) {
  const auto first = authority.enrol_all(store, keys);
  const auto second = authority.enrol_all(store, keys);
  open(1, {first[0].id(), first[1].id()}, "json");
  open(2, {second[0].id(), first[1].id()});
  const auto header = [&](const crypto::certificate& leaf,
                          const std::string& type) {
    const std::span<const std::byte> chain[]{leaf.der()};
    return crypto::jades_header(crypto::curve::p256, type, chain).json(7);
  };
  const auto of = [&](std::uint32_t epoch, std::size_t key) {
    return formats.header_of(store.read(), epoch, id(key))->json(7);
  };
  BOOST_TEST(of(1, 0) == header(first[0], "json"));
  BOOST_TEST(of(1, 1) == header(first[1], "json"));
  BOOST_TEST(of(2, 0) == header(second[0], ""));
  BOOST_TEST(of(2, 1) == header(first[1], ""));
  // An epoch that opens later is found, too.
  open(3, {second[0].id()}, "xml");
  BOOST_TEST(of(3, 0) == header(second[0], "xml"));
  BOOST_TEST(formats.content_type_of(store.read(), 3) == "xml");
}

BOOST_FIXTURE_TEST_CASE(what_is_missing_is_said, fixture) {
  const auto leaves = authority.enrol_all(store, keys);
  const auto never_stored = authority.issue(keys.keys()[0].key.public_half());
  open(1, {leaves[0].id()});
  open(2, {never_stored.id(), leaves[0].id()});
  BOOST_TEST(fault(1, 0) == "");
  BOOST_TEST(contains(fault(1, 1), "announces no certificate for key"));
  BOOST_TEST(contains(fault(9, 0), "announces no seals for epoch 9"));
  BOOST_TEST(contains(fault(2, 0), "is not stored"));
  BOOST_TEST(contains(fault(2, 1), "is not that of key"));
}

BOOST_FIXTURE_TEST_CASE(it_reads_from_an_event_on, fixture) {
  const auto leaves = authority.enrol_all(store, keys);
  open(1, {leaves[0].id()});
  const auto second = open(2, {leaves[0].id()});
  actors::seal_formats later(crypto::curve::p256, second);
  BOOST_CHECK_NO_THROW(later.header_of(store.read(), 2, id(0)));
  BOOST_CHECK_THROW(later.header_of(store.read(), 1, id(0)), storage::corrupt);
}

BOOST_AUTO_TEST_SUITE_END()
