// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/ledger_fixtures.hpp"
#include "tests/storage/raw_entry.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <sys/stat.h>

namespace ledger_store_ {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  std::filesystem::path path = folder.path() / "ledger";

  std::string opening() {
    return text_of<storage_error>(
        [&] { ledger_store s(path, reading_ledger()); });
  }

  std::string no_ledger() {
    return "no ledger in " + path.string() +
           ": create one with `chancery node`, or name another folder";
  }
};

} // namespace

} // namespace ledger_store_

BOOST_FIXTURE_TEST_SUITE(ledger_store_, fixture)

BOOST_AUTO_TEST_CASE(a_ledger_knows_what_it_was_made_for) {
  auto info = ledger_of_tests();
  info.node = id_of(77);
  info.block_size = 65'536;
  ledger_store::create(path, info);
  const ledger_store store(path);
  BOOST_TEST((store.info() == info));
  BOOST_TEST(store.info().format == ledger_store::format);
}

BOOST_AUTO_TEST_CASE(a_ledger_that_makes_no_sense_is_not_made) {
  auto info = ledger_of_tests();
  info.block_size = 0;
  BOOST_CHECK_THROW(ledger_store::create(path, info), std::invalid_argument);
  BOOST_CHECK_THROW(
      ledger_store::create(path, ledger_of_tests(), reading_ledger()),
      std::invalid_argument);
  BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(files_are_their_owners_alone) {
  const auto store = new_ledger(path);
  for (const char* name : {"", "data.mdb", "lock.mdb"}) {
    struct stat status {};
    BOOST_REQUIRE(::stat((path / name).c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0077) == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_ledger_is_made_once) {
  { const auto store = new_ledger(path); }
  BOOST_TEST(contains(text_of<storage_error>([&] {
                        ledger_store::create(path, ledger_of_tests());
                      }),
                      path.string() + " holds a database already"));
}

BOOST_AUTO_TEST_CASE(a_ledger_that_was_cut_short_in_the_making_is_made_again) {
  auto options = ledger_options_of_tests();
  options.before_commit = [] { throw std::runtime_error("cut short"); };
  BOOST_CHECK_THROW(ledger_store::create(path, ledger_of_tests(), options),
                    std::runtime_error);
  BOOST_TEST(std::filesystem::exists(path / "data.mdb"));
  BOOST_TEST(!ledger_store::exists(path));
  BOOST_TEST(opening() == no_ledger());
  BOOST_CHECK_NO_THROW(new_ledger(path));
  BOOST_TEST(ledger_store::exists(path));
}

BOOST_AUTO_TEST_CASE(a_missing_ledger_says_what_to_do) {
  BOOST_TEST(opening() == no_ledger());
  BOOST_TEST(!ledger_store::exists(path));
  std::filesystem::create_directory(path);
  BOOST_TEST(opening() == no_ledger());
  BOOST_TEST(!ledger_store::exists(path));
  std::ofstream(path / "data.mdb").close();
  BOOST_TEST(opening() == no_ledger());
  BOOST_TEST(!ledger_store::exists(path));
}

BOOST_AUTO_TEST_CASE(a_ledger_exists_also_while_another_process_writes_it) {
  auto store = new_ledger(path);
  auto txn = store.write();
  append(txn, 1, 1);
  BOOST_TEST(end_of(start_child([&] {
               if (!ledger_store::exists(path))
                 throw std::runtime_error("exists() returned false");
             })) == 0);
}

BOOST_AUTO_TEST_CASE(a_folder_of_records_is_no_ledger) {
  new_store(path);
  BOOST_TEST(opening() == no_ledger());
  BOOST_TEST(!ledger_store::exists(path));
  BOOST_CHECK_THROW(ledger_store::create(path, ledger_of_tests()),
                    storage_error);
  BOOST_CHECK_NO_THROW(record_store(path, reading()));
}

BOOST_AUTO_TEST_CASE(a_folder_of_a_ledger_holds_no_records) {
  new_ledger(path);
  BOOST_CHECK_THROW(record_store(path, reading()), storage_error);
  BOOST_CHECK_THROW(record_store::create(path, info_of_tests()), storage_error);
  BOOST_TEST(opening().empty());
}

BOOST_AUTO_TEST_CASE(a_ledger_is_open_once_in_a_process) {
  auto store = std::make_optional(new_ledger(path));
  BOOST_TEST(contains(opening(), path.string() + " is open in this process"));
  add_messages(*store, 1); // the first one is unharmed
  auto view = std::make_optional(store->read());
  store.reset();
  BOOST_TEST(view->message_count() == 1u);
  BOOST_TEST(!opening().empty()); // the snapshot keeps it open
  view.reset();
  BOOST_TEST(opening().empty());
}

BOOST_AUTO_TEST_CASE(a_newer_format_is_refused) {
  new_ledger(path);
  put_raw(path, "meta", "format", number(ledger_store::format + 1));
  BOOST_TEST(opening() ==
             path.string() +
                 " was written by a newer chancery (format 2, this one "
                 "knows 1): update chancery");
}

BOOST_AUTO_TEST_CASE(a_damaged_meta_table_is_corrupt) {
  using namespace std::string_view_literals;
  for (const auto& [name, value] : {std::pair{"format", std::optional(""sv)},
                                    {"format", "\0\0\0\0"sv},
                                    {"format", std::nullopt},
                                    {"block_size", "\0\0\0\0"sv},
                                    {"block_size", std::nullopt},
                                    {"node", "short"sv},
                                    {"node", std::nullopt}}) {
    std::filesystem::remove_all(path);
    new_ledger(path);
    put_raw(path, "meta", name, value);
    BOOST_CHECK_THROW(ledger_store(path, reading_ledger()), corrupt);
    BOOST_TEST(contains(opening(), path.string()));
  }
}

BOOST_AUTO_TEST_CASE(a_ledger_without_one_of_its_tables_is_corrupt) {
  for (const char* table :
       {"receipts", "sequences", "clients", "blocks", "hashes"}) {
    std::filesystem::remove_all(path);
    new_ledger(path);
    drop_table(path, table);
    BOOST_CHECK_THROW(ledger_store(path, reading_ledger()), corrupt);
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_was_cut_off_is_corrupt) {
  {
    auto store = new_ledger(path);
    add_messages(store, 5000);
  }
  const auto size = std::filesystem::file_size(path / "data.mdb");
  std::filesystem::resize_file(path / "data.mdb", size / 2);
  BOOST_CHECK_THROW(ledger_store(path, reading_ledger()), corrupt);
  BOOST_CHECK_THROW(ledger_store(path, ledger_options_of_tests()), corrupt);
}

BOOST_AUTO_TEST_CASE(a_ledger_that_is_read_only_is_not_written) {
  new_ledger(path);
  ledger_store store(path, reading_ledger());
  BOOST_CHECK_THROW(store.write(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(its_sizes_grow_with_what_is_in_it) {
  auto store = new_ledger(path);
  const auto empty = store.used_bytes();
  add_messages(store, 1000);
  BOOST_TEST(store.used_bytes() > empty + 1000 * 500);
  BOOST_TEST(store.file_bytes() >= store.used_bytes());
  BOOST_TEST(store.file_bytes() < (2u << 20)); // not the map's 1 TiB
}

BOOST_AUTO_TEST_CASE(a_ledger_comes_back_as_it_was_left) {
  {
    auto store = new_ledger(path);
    add_messages(store, 25);
    auto txn = store.write();
    BOOST_TEST(txn.put_client(id_of(0), point_of(0)));
    txn.commit();
  }
  {
    ledger_store store(path);
    BOOST_TEST(whole(store.read()));
    add_messages(store, 8);
  }
  const ledger_store store(path, reading_ledger());
  const auto view = store.read();
  BOOST_TEST(view.message_count() == 33u);
  BOOST_TEST(whole(view));
  BOOST_TEST(same(view.client(id_of(0)).value(), point_of(0)));
}

BOOST_AUTO_TEST_SUITE_END()
