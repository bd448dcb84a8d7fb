// SPDX-License-Identifier: Apache-2.0
//
// Killed writers, and readers during writes.
#include "tests/storage/child_writer.hpp"
#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

namespace crash {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

constexpr std::uint32_t batch = 10;

struct fixture {
  temp_folder folder;
  std::filesystem::path path = folder.path() / "records";
};

/// Commits ten records, their batch and its event in an endless loop, and
/// reports the number of records after each commit.
[[noreturn]] void write_on(const std::filesystem::path& path, int tell) {
  record_store store(path, options_of_tests());
  for (;;) {
    auto txn = store.write();
    const auto first = txn.record_count();
    for (std::uint32_t i = 0; i < batch; ++i)
      txn.append_record(record_of(first + i));
    txn.append_event(as_bytes(encode(event(lease_lost{first}))));
    if (!txn.put_batch(row_of(first, batch), signatures_of(first, batch)))
      ::_exit(2);
    txn.commit();
    child_writer::tell(tell, first + batch);
  }
}

/// Checks that every commit is stored completely.
void check_whole(const snapshot& view) {
  const auto records = view.record_count();
  BOOST_TEST(records % batch == 0);
  BOOST_TEST(view.signature_count() == records);
  BOOST_TEST(view.batch_count() == records / batch);
  BOOST_TEST(view.event_count() == records / batch);
  BOOST_TEST(view.first_unsigned(0) == records);
  auto signatures = view.walk(table::signatures);
  auto batches = view.walk(table::batches);
  auto events = view.walk(table::journal);
  bool sound = true;
  std::uint64_t id = 0;
  for (bool there = signatures.seek(0); there; there = signatures.next(), ++id)
    sound = sound && signatures.key() == id &&
            same(signatures.value(), signatures_of(id, 1));
  std::uint64_t first = 0;
  for (bool there = batches.seek(0); there; there = batches.next()) {
    sound = sound && events.seek(first / batch) &&
            decode_event(events.value()) == event(lease_lost{first}) &&
            batches.key() == first;
    first += batch;
  }
  BOOST_TEST(sound);
  BOOST_TEST(id == records);
  BOOST_TEST(first == records);
}

} // namespace

} // namespace crash

BOOST_FIXTURE_TEST_SUITE(crash, fixture)

BOOST_AUTO_TEST_CASE(a_killed_writer_leaves_what_it_told_and_nothing_in_part) {
  new_store(path);
  std::mt19937 random(3);
  std::uint64_t before = 0;
  for (int round = 0; round < 12; ++round) {
    child_writer writer([&](int tell) { write_on(path, tell); });
    std::uint64_t told = 0;
    for (auto n = 1 + random() % 100; n > 0; --n)
      told = writer.next();
    ::usleep(static_cast<useconds_t>(random() % 3000));
    told = std::max(told, writer.kill());
    record_store store(path, options_of_tests());
    const auto view = store.read();
    BOOST_TEST(view.record_count() >= told);
    BOOST_TEST(view.record_count() > before);
    check_whole(view);
    before = view.record_count();
  }
}

BOOST_AUTO_TEST_CASE(a_reader_beside_a_writer_sees_whole_commits) {
  new_store(path);
  child_writer writer([&](int tell) { write_on(path, tell); });
  BOOST_REQUIRE(writer.next() > 0);
  const record_store store(path, reading());
  auto view = store.read();
  for (int i = 0; i < 20; ++i) {
    const auto records = view.record_count();
    check_whole(view);
    do {
      BOOST_REQUIRE(writer.next() > 0);
      BOOST_TEST(view.signature_count() == records);
      BOOST_TEST(!view.record(records).has_value());
      view.renew();
    } while (view.record_count() == records);
  }
}

BOOST_AUTO_TEST_CASE(a_writer_that_is_killed_in_a_write_leaves_others_free) {
  auto store = new_store(path);
  add_records(store, 1);
  const pid_t child = start_child([&] {
    record_store other(path, options_of_tests());
    auto txn = other.write();
    txn.append_record(record_of(1));
    ::raise(SIGKILL);
  });
  BOOST_TEST(WTERMSIG(end_of(child)) == SIGKILL);
  add_records(store, 1);
  BOOST_TEST(store.read().record_count() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
