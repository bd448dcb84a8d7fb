// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/child_writer.hpp"
#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <optional>
#include <thread>

namespace lmdb_transaction {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  std::filesystem::path path = folder.path() / "records";
};

} // namespace

} // namespace lmdb_transaction

BOOST_FIXTURE_TEST_SUITE(lmdb_transaction, fixture)

BOOST_AUTO_TEST_CASE(a_thread_that_writes_may_not_begin_another_write) {
  auto store = new_store(path);
  {
    auto first = store.write();
    BOOST_CHECK_THROW(store.write(), std::logic_error);
    first.append_record(record_of(0));
    first.commit();
    BOOST_CHECK_NO_THROW(store.write());
  }
  BOOST_TEST(store.read().record_count() == 1u);
}

BOOST_AUTO_TEST_CASE(another_thread_waits_for_its_turn_to_write) {
  auto store = new_store(path);
  std::thread other;
  {
    auto first = store.write();
    other = std::thread([&] { add_records(store, 1); });
    first.append_record(record_of(0));
    first.commit();
  }
  other.join();
  BOOST_TEST(store.read().record_count() == 2u);
}

BOOST_AUTO_TEST_CASE(a_write_that_changes_threads_ends_the_process_loudly) {
  // LMDB itself would report success and block every later writer.
  for (const bool commits : {true, false}) {
    const auto its = folder.path() / (commits ? "a" : "b");
    const pid_t child = start_child([&] {
      std::fclose(stderr);
      auto store = new_store(its);
      auto txn = std::make_optional(store.write());
      txn->append_record(record_of(0));
      std::thread([&] {
        if (commits)
          txn->commit();
        txn.reset();
      }).join();
    });
    const int status = end_of(child);
    BOOST_TEST(WIFSIGNALED(status));
    BOOST_TEST(WTERMSIG(status) == SIGABRT);
    BOOST_TEST(record_store(its, reading()).read().record_count() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_snapshot_may_change_threads) {
  auto store = new_store(path);
  add_records(store, 1);
  auto view = store.read();
  std::uint64_t count = 0;
  std::thread([&] {
    count = view.record_count();
    view.renew();
  }).join();
  BOOST_TEST(count == 1u);
  BOOST_TEST(view.record(0).has_value());
}

BOOST_AUTO_TEST_CASE(readers_that_died_make_room_for_others) {
  new_store(path);
  for (int i = 0; i < 8; ++i) {
    // Each child dies with 600 registered readers: in total more than fit.
    const pid_t child = start_child([&] {
      record_store store(path, reading());
      std::vector<snapshot> views;
      for (int n = 0; n < 600; ++n)
        views.push_back(store.read());
      ::raise(SIGKILL);
    });
    BOOST_TEST(WTERMSIG(end_of(child)) == SIGKILL);
  }
}

BOOST_AUTO_TEST_CASE(too_many_readers_are_an_error_that_says_so) {
  auto store = new_store(path);
  std::vector<snapshot> views;
  const auto read_on = [&] {
    for (int n = 0; n < 10'000; ++n)
      views.push_back(store.read());
  };
  BOOST_TEST(contains(text_of<busy>(read_on), "too many readers"));
  BOOST_TEST(views.size() >= 4'000u);
  views.clear();
  BOOST_TEST(store.read().record_count() == 0u);
}

BOOST_AUTO_TEST_CASE(a_writer_goes_on_while_others_take_every_place) {
  auto store = new_store(path);
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  const pid_t child = start_child([&] {
    ::close(ends[0]);
    record_store other(path, reading());
    std::vector<snapshot> views;
    (void)text_of<busy>([&] {
      for (;;)
        views.push_back(other.read());
    });
    child_writer::tell(ends[1], views.size());
    ::pause();
  });
  ::close(ends[1]);
  std::uint64_t taken = 0;
  BOOST_TEST(::read(ends[0], &taken, sizeof taken) == sizeof taken);
  ::close(ends[0]);
  BOOST_TEST(taken > 3'000u);
  for (int round = 0; round < 100; ++round) {
    add_records(store, 1);
    std::vector<snapshot> views;
    for (int n = 0; n < 20; ++n) {
      views.push_back(store.read());
      views.back().renew();
    }
    BOOST_TEST(views.back().record_count() == round + 1u);
  }
  const pid_t late = start_child([&] { record_store(path, reading()); });
  BOOST_TEST(WEXITSTATUS(end_of(late)) == 1); // busy
  ::kill(child, SIGKILL);
  end_of(child);
}

BOOST_AUTO_TEST_SUITE_END()
