// SPDX-License-Identifier: Apache-2.0
//
// Ledgers with a killed writer, with a full map, and with readers during
// writes.
#include "tests/storage/child_writer.hpp"
#include "tests/storage/ledger_fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <random>

namespace ledger_crash {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  std::filesystem::path path = folder.path() / "ledger";

  /// Commits seven messages at a time in an endless loop, so that blocks of ten
  /// end at any place within a commit.
  std::function<void(int)> writing = [this](int tell) {
    ledger_store store(path, ledger_options_of_tests());
    for (;;) {
      add_messages(store, 7);
      child_writer::tell(tell, store.read().message_count());
    }
  };
};

/// Makes the last commit look as if its writer had been killed before readers
/// could see it: lowers the number of the last commit in the shared lock file
/// by one. It follows 8 bytes of magic numbers and perhaps a mutex of 40 bytes.
bool hide_last_commit(const std::filesystem::path& ledger) {
  std::fstream file(ledger / "lock.mdb",
                    std::ios::in | std::ios::out | std::ios::binary);
  for (const int at : {8, 48}) {
    std::uint64_t number = 0;
    file.seekg(at);
    file.read(reinterpret_cast<char*>(&number), sizeof number);
    if (number == 0 || number > 100)
      continue;
    --number;
    file.seekp(at);
    file.write(reinterpret_cast<const char*>(&number), sizeof number);
    return true;
  }
  return false;
}

/// Commits until the map is full; returns the error's text.
std::string fill(ledger_store& store) {
  for (;;) {
    try {
      add_messages(store, 20);
    } catch (const full& error) {
      return error.what();
    }
  }
}

} // namespace

} // namespace ledger_crash

BOOST_FIXTURE_TEST_SUITE(ledger_crash, fixture)

BOOST_AUTO_TEST_CASE(a_killed_writer_leaves_what_it_told_and_nothing_in_part) {
  new_ledger(path);
  std::mt19937 random(3);
  std::uint64_t before = 0;
  for (int round = 0; round < 12; ++round) {
    child_writer writer(writing);
    std::uint64_t told = 0;
    for (auto n = 1 + random() % 50; n > 0; --n)
      told = writer.next();
    ::usleep(static_cast<useconds_t>(random() % 3000));
    told = std::max(told, writer.kill());
    const ledger_store store(path, ledger_options_of_tests());
    const auto view = store.read();
    BOOST_TEST(view.message_count() >= told);
    BOOST_TEST(view.message_count() > before);
    BOOST_TEST(view.message_count() % 7 == 0u);
    BOOST_TEST(whole(view));
    before = view.message_count();
  }
}

BOOST_AUTO_TEST_CASE(a_commit_that_its_killed_writer_told_nobody_of_is_seen) {
  new_ledger(path);
  // An open reader keeps the lock file's contents after the writer's end.
  const ledger_store reader(path, reading_ledger());
  {
    child_writer writer([this](int tell) {
      ledger_store store(path, ledger_options_of_tests());
      add_messages(store, 7);
      const auto next = store.write(); // it dies holding the writers' mutex
      child_writer::tell(tell, store.read().message_count());
      for (;;)
        ::pause();
    });
    BOOST_REQUIRE(writer.next() == 7u);
    writer.kill();
  }
  {
    // In a child, as closing a file drops all of a process's locks on it.
    child_writer hider([this](int tell) {
      child_writer::tell(tell, hide_last_commit(path) ? 1 : 0);
      for (;;)
        ::pause();
    });
    BOOST_REQUIRE(hider.next() == 1u);
    hider.kill();
  }
  BOOST_REQUIRE(reader.read().message_count() == 0u);
  child_writer second([this](int tell) {
    ledger_store store(path, ledger_options_of_tests());
    child_writer::tell(tell, store.read().message_count());
    for (;;)
      ::pause();
  });
  BOOST_TEST(second.next() == 7u);
  second.kill();
}

BOOST_AUTO_TEST_CASE(a_reader_beside_a_writer_sees_whole_commits) {
  new_ledger(path);
  child_writer writer(writing);
  BOOST_REQUIRE(writer.next() > 0);
  const ledger_store store(path, reading_ledger());
  auto view = store.read();
  for (int i = 0; i < 20; ++i) {
    const auto messages = view.message_count();
    BOOST_TEST(messages % 7 == 0u);
    BOOST_TEST(whole(view));
    do {
      BOOST_REQUIRE(writer.next() > 0);
      BOOST_TEST(view.sequence_count() == messages);
      BOOST_TEST(!view.message(messages).has_value());
      view.renew();
    } while (view.message_count() == messages);
  }
}

BOOST_AUTO_TEST_CASE(a_writer_that_is_killed_in_a_write_leaves_others_free) {
  auto store = new_ledger(path);
  add_messages(store, 3);
  const pid_t child = start_child([&] {
    ledger_store other(path, ledger_options_of_tests());
    auto txn = other.write();
    append(txn, 1, 100);
    ::raise(SIGKILL);
  });
  BOOST_TEST(WTERMSIG(end_of(child)) == SIGKILL);
  add_messages(store, 1);
  BOOST_TEST(store.read().message_count() == 4u);
  BOOST_TEST(whole(store.read()));
}

BOOST_AUTO_TEST_CASE(a_full_map_loses_nothing_and_a_larger_one_goes_on) {
  auto options = ledger_options_of_tests();
  options.map_size = std::size_t{2} << 20;
  std::uint64_t stored = 0;
  {
    auto store = new_ledger(path, options);
    const auto text = fill(store);
    stored = store.read().message_count();
    BOOST_TEST(stored > 100u);
    BOOST_TEST(contains(text, path.string()));
    BOOST_TEST(contains(text, "--map-size"));
    BOOST_TEST(whole(store.read()));
    fill(store); // still works, still full
    BOOST_TEST(store.read().message_count() == stored);
  }
  options.map_size *= 2;
  ledger_store store(path, options);
  BOOST_TEST(store.read().message_count() == stored);
  fill(store);
  BOOST_TEST(store.read().message_count() > stored);
  BOOST_TEST(whole(store.read()));
}

BOOST_AUTO_TEST_SUITE_END()
