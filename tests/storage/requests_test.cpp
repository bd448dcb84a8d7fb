// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <stdexcept>

namespace requests_ {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  record_store store = new_store(folder.path() / "records");

  void put(const std::string& key, const request_row& row) {
    auto txn = store.write();
    txn.put_request(key, row);
    txn.commit();
  }
};

request_row row_at(std::uint64_t time_ms) {
  request_row row;
  row.fingerprint.fill(7);
  row.first = 40;
  row.count = 3;
  row.time_ms = time_ms;
  return row;
}

} // namespace

} // namespace requests_

BOOST_FIXTURE_TEST_SUITE(requests_, fixture)

BOOST_AUTO_TEST_CASE(a_request_is_found_by_its_key) {
  const std::string key("billing\0key-0001", 16);
  put(key, row_at(1'000));
  BOOST_TEST((store.read().request_of(key) == row_at(1'000)));
  BOOST_TEST(!store.read().request_of("billing").has_value());
  put(key, row_at(2'000)); // a later one takes its place
  BOOST_TEST(store.read().request_of(key)->time_ms == 2'000u);
  BOOST_TEST(store.read().request_count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_row_is_read_back_and_nothing_else_is) {
  const auto bytes = encode(row_at(9));
  BOOST_TEST(bytes.size() == 52u);
  BOOST_TEST((decode_request_row(as_bytes(bytes)) == row_at(9)));
  for (const auto& other : {std::string(), bytes.substr(1), bytes + "x"})
    BOOST_CHECK_THROW(decode_request_row(as_bytes(other)), corrupt);
}

BOOST_AUTO_TEST_CASE(a_key_has_1_to_400_bytes) {
  put(std::string(request_key_max, 'k'), row_at(1));
  auto txn = store.write();
  for (const auto size : {std::size_t{0}, request_key_max + 1}) {
    const std::string key(size, 'k');
    BOOST_CHECK_THROW(txn.put_request(key, row_at(1)), std::invalid_argument);
    BOOST_CHECK_THROW(txn.request_of(key), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(a_sweep_removes_the_old_ones_a_few_at_a_time) {
  for (int i = 0; i < 10; ++i)
    put(fmt::format("key-{:04}", i), row_at(i % 2 == 0 ? 100 : 200));
  std::string from;
  int sweeps = 0;
  do {
    auto txn = store.write();
    from = txn.sweep_requests(from, 150, 3);
    txn.commit();
    ++sweeps;
  } while (!from.empty());
  BOOST_TEST(sweeps == 4);
  const auto view = store.read();
  BOOST_TEST(view.request_count() == 5u);
  for (int i = 0; i < 10; ++i)
    BOOST_TEST(view.request_of(fmt::format("key-{:04}", i)).has_value() ==
               (i % 2 == 1));
}

BOOST_AUTO_TEST_CASE(a_sweep_of_nothing_is_over_at_once) {
  auto txn = store.write();
  BOOST_TEST(txn.sweep_requests("", 150, 3).empty());
  BOOST_TEST(txn.sweep_requests("beyond", 150, 3).empty());
}

BOOST_AUTO_TEST_SUITE_END()
