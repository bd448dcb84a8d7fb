// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/fixtures.hpp"
#include "tests/storage/mounts.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace full_ {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
};

/// Commits ten records of 2000 bytes at a time until map or disk is full.
/// Returns the error's text and the number of committed records.
std::pair<std::string, std::uint64_t> fill(record_store& store) {
  std::uint64_t committed = store.read().record_count();
  for (;;) {
    try {
      auto txn = store.write();
      for (int i = 0; i < 10; ++i)
        txn.append_record(bytes(2000, std::byte{1}));
      BOOST_TEST(
          txn.put_batch(row_of(committed, 10), signatures_of(committed, 10)));
      txn.commit();
      committed += 10;
    } catch (const full& error) {
      return {error.what(), committed};
    }
  }
}

void check_holds(const record_store& store, std::uint64_t records) {
  const auto view = store.read();
  BOOST_TEST(view.record_count() == records);
  BOOST_TEST(view.signature_count() == records);
  BOOST_TEST(view.batch_count() == records / 10);
  BOOST_TEST(view.first_unsigned(0) == records);
  for (std::uint64_t id = 0; id < records; ++id) {
    BOOST_TEST(same(view.record(id).value(), bytes(2000, std::byte{1})));
    BOOST_TEST(same(view.signature(id).value(), signatures_of(id, 1)));
  }
}

} // namespace

} // namespace full_

BOOST_FIXTURE_TEST_SUITE(full_, fixture)

BOOST_AUTO_TEST_CASE(a_full_map_loses_nothing_and_a_larger_one_goes_on) {
  const auto path = folder.path() / "records";
  auto options = options_of_tests();
  options.map_size = std::size_t{2} << 20;
  std::uint64_t committed = 0;
  {
    auto store = new_store(path, options);
    const auto [text, records] = fill(store);
    committed = records;
    BOOST_TEST(committed > 100u);
    BOOST_TEST(contains(text, path.string()));
    BOOST_TEST(contains(text, "--map-size"));
    check_holds(store, committed);
    BOOST_TEST(fill(store).second == committed); // still works, still full
  }
  options.map_size *= 2;
  record_store store(path, options);
  check_holds(store, committed);
  BOOST_TEST(fill(store).second > committed);
}

BOOST_AUTO_TEST_CASE(a_map_that_others_outgrew_is_an_error_that_says_so) {
  const auto path = folder.path() / "records";
  new_store(path);
  auto small = reading();
  small.map_size = std::size_t{1} << 16;
  const record_store store(path, small);
  auto view = store.read();
  BOOST_TEST(end_of(start_child([&] {
               record_store other(path, options_of_tests());
               add_records(other, 10000);
             })) == 0);
  BOOST_TEST(view.record_count() == 0u);
  BOOST_TEST(contains(text_of<storage_error>([&] { view.renew(); }),
                      "outgrown this --map-size"));
}

BOOST_AUTO_TEST_CASE(a_full_disk_loses_nothing_and_a_freed_one_goes_on) {
  for (const bool sync : {true, false}) {
    const auto disk = folder.path() / (sync ? "synced" : "not synced");
    const mounted tmpfs(disk, "size=6m");
    if (!tmpfs.ok())
      return;
    const auto path = disk / "records";
    const auto ballast = disk / "ballast";
    std::ofstream(ballast) << std::string(3 << 20, 'x');
    auto options = options_of_tests();
    options.sync = sync;
    auto store = new_store(path, options);
    const auto [text, committed] = fill(store);
    BOOST_TEST(committed > 100u);
    BOOST_TEST(contains(text, path.string()));
    BOOST_TEST(contains(text, "the disk is full"));
    check_holds(store, committed);
    BOOST_TEST(fill(store).second >= committed); // still works, still full
    std::filesystem::remove(ballast);
    const auto again = fill(store).second;
    BOOST_TEST(again > committed);
    check_holds(store, again);
  }
}

BOOST_AUTO_TEST_CASE(a_store_on_a_disk_that_is_full_from_the_start_says_so) {
  const auto disk = folder.path() / "disk";
  const mounted tmpfs(disk, "size=1m");
  if (!tmpfs.ok())
    return;
  std::ofstream ballast(disk / "ballast");
  for (int i = 0; i < 3000 && ballast; ++i)
    ballast << std::string(512, 'x') << std::flush;
  BOOST_CHECK_THROW(new_store(disk / "records"), full);
}

BOOST_AUTO_TEST_SUITE_END()
