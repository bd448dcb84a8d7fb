// SPDX-License-Identifier: Apache-2.0
//
// Upgrades, which are killed before each commit and after it.
#include "storage/upgrade.hpp"

#include "storage/lmdb.hpp"
#include "storage/store_parts.hpp"
#include "tests/storage/fixtures.hpp"
#include "tests/storage/raw_entry.hpp"

#include <boost/test/unit_test.hpp>

namespace upgrade_ {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

/// A store of format 1 with records and a batch.
struct fixture {
  fixture() { make(); }

  void make() {
    std::filesystem::remove_all(path);
    {
      auto store = new_store(path);
      add_records(store, 30);
      BOOST_TEST(sign(store, 0, 10, 1));
    }
    for (const char* table :
         {"withdrawn", "names", "record_names", "arrivals", "requests",
          "certificates", "enrolments", "revocation_lists"})
      drop_table(path, table);
    put_raw(path, "meta", "format", number(1));
  }

  std::string writing() {
    return text_of<storage_error>(
        [&] { record_store s(path, options_of_tests()); });
  }

  temp_folder folder;
  std::filesystem::path path = folder.path() / "records";
};

void check_content(const snapshot& view) {
  BOOST_TEST(view.record_count() == 30u);
  BOOST_TEST(view.signature_count() == 10u);
  BOOST_TEST(view.batch_count() == 1u);
  BOOST_TEST(view.withdrawn_count() == 0u);
  for (std::uint64_t id = 0; id < 30; ++id)
    BOOST_TEST(same(view.record(id).value(), record_of(id)));
  BOOST_TEST(same(view.signature(9).value(), signatures_of(9, 1)));
}

/// Kills `work` at its k-th commit, before it or after it, for k = 1, 2, ...
/// until a run is not killed. `make` prepares the folder, `check` gets it after
/// each kill.
void kill_at_every_commit(const std::function<void()>& make,
                          const std::function<void(const store_options&)>& work,
                          const std::function<void()>& check) {
  for (const bool after : {false, true}) {
    bool killed = true;
    for (int k = 1; killed; ++k) {
      BOOST_REQUIRE(k < 50);
      make();
      const pid_t child = start_child([&] {
        auto options = options_of_tests();
        // The first moment after the k-th commit that a hook sees is the one
        // before the next commit.
        options.before_commit = [left = after ? k + 1 : k]() mutable {
          if (--left == 0)
            ::raise(SIGKILL);
        };
        work(options);
      });
      killed = WIFSIGNALED(end_of(child));
      check();
    }
  }
}

/// A made-up step from 2 to 3: copies the records to a table, seven at a time.
std::vector<upgrade_step> made_up_steps() {
  const auto copy = [](lmdb::transaction& txn, std::string& mark) {
    MDB_dbi records = 0;
    MDB_dbi copies = 0;
    open_table(txn, "records", 0, records);
    open_table(txn, "copies", MDB_CREATE, copies);
    std::uint64_t next = mark.empty() ? 0 : std::stoull(mark);
    for (int i = 0; i < 7; ++i, ++next) {
      MDB_val value{};
      number_key key(next);
      if (!txn.find(records, key.value(), value))
        return true;
      MDB_val at = key.value();
      // A chunk that is done twice would find its copies.
      if (::mdb_put(txn.get(), copies, &at, &value, MDB_NOOVERWRITE) != 0)
        throw std::runtime_error("a chunk was done twice");
    }
    mark = std::to_string(next);
    return false;
  };
  const auto add = [](lmdb::transaction& txn, std::string&) {
    MDB_dbi table = 0;
    return open_table(txn, "withdrawn", MDB_CREATE, table);
  };
  return {{1, "one", add}, {2, "two", copy}};
}

} // namespace

} // namespace upgrade_

BOOST_FIXTURE_TEST_SUITE(upgrade_, fixture)

BOOST_AUTO_TEST_CASE(an_older_store_is_read_but_not_written) {
  BOOST_TEST(writing() == path.string() +
                              " has format 1, which is older than this "
                              "chancery's 5: run `chancery upgrade` before "
                              "anything is changed in it");
  const record_store store(path, reading());
  BOOST_TEST(store.info().format == 1u);
  check_content(store.read());
  BOOST_TEST(store.read().withdrawn_of(3).empty());
  BOOST_TEST(store.used_bytes() > 0u);
}

BOOST_AUTO_TEST_CASE(a_plan_names_the_steps_and_changes_nothing) {
  for (int i = 0; i < 2; ++i) {
    const auto plan = plan_upgrade(path, options_of_tests());
    BOOST_TEST(plan.from == 1u);
    BOOST_TEST(plan.to == 5u);
    BOOST_TEST(!plan.interrupted);
    BOOST_TEST(plan.steps.size() == 4u);
  }
  BOOST_TEST(!writing().empty());
}

BOOST_AUTO_TEST_CASE(an_upgraded_store_is_written) {
  BOOST_TEST(upgrade(path, options_of_tests()).from == 1u);
  {
    record_store store(path, options_of_tests());
    BOOST_TEST(store.info().format == 5u);
    check_content(store.read());
    auto txn = store.write();
    txn.withdraw({0, {3}, 1, "x"});
    txn.append_record("a", record_of(30));
    txn.enrol({1}, {2}, 3);
    txn.commit();
    BOOST_TEST(store.read().withdrawn_count() == 1u);
    BOOST_TEST(store.read().id_of("a").value() == 30u);
    BOOST_TEST(store.read().enrolment_of({1})->time_ms == 3u);
  }
  // There is nothing left to do, and nothing is done.
  BOOST_TEST(plan_upgrade(path, options_of_tests()).steps.empty());
  BOOST_TEST(upgrade(path, options_of_tests()).steps.empty());
  BOOST_TEST(record_store(path, reading()).read().withdrawn_count() == 1u);
}

BOOST_AUTO_TEST_CASE(an_upgrade_that_is_killed_continues) {
  kill_at_every_commit([&] { make(); },
                       [&](const auto& options) { upgrade(path, options); },
                       [&] {
                         // Whatever the kill left can be read.
                         check_content(record_store(path, reading()).read());
                         upgrade(path, options_of_tests());
                         const record_store store(path, options_of_tests());
                         check_content(store.read());
                       });
}

BOOST_AUTO_TEST_CASE(a_step_of_several_chunks_continues_at_its_mark) {
  int refused = 0;
  kill_at_every_commit(
      [&] { make(); },
      [&](const auto& options) {
        upgrade_by(path, options, made_up_steps(), 3);
      },
      [&] {
        // A half-done step makes the store unreadable, and says why.
        const auto text =
            text_of<storage_error>([&] { record_store s(path, reading()); });
        if (contains(text, "was interrupted: run `chancery upgrade` again"))
          ++refused;
        upgrade_by(path, options_of_tests(), made_up_steps(), 3);
        lmdb::transaction txn(std::make_shared<lmdb::environment>(
                                  path, environment_options_of(reading())),
                              txn_kind::read);
        MDB_dbi copies = 0;
        BOOST_REQUIRE(open_table(txn, "copies", 0, copies));
        BOOST_TEST(txn.stat(copies).ms_entries == 30u);
        MDB_dbi meta = 0;
        BOOST_REQUIRE(open_table(txn, "meta", 0, meta));
        BOOST_TEST(meta_table(txn, meta).number("format") == 3u);
        BOOST_TEST(!meta_table(txn, meta).find(upgrade_mark).has_value());
      });
  BOOST_TEST(refused >= 4);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_upgraded_says_why) {
  const auto planning = [&] {
    return text_of<storage_error>(
        [&] { plan_upgrade(path, options_of_tests()); });
  };
  put_raw(path, "meta", "format", number(6));
  BOOST_TEST(contains(planning(), "written by a newer chancery"));
  std::filesystem::remove_all(path);
  BOOST_TEST(contains(planning(), "run `chancery init`"));
  std::filesystem::create_directory(path);
  put_raw(path, "meta", "format", number(1)); // as a ledger, without records
  BOOST_TEST(contains(planning(), "run `chancery init`"));
}

BOOST_AUTO_TEST_SUITE_END()
