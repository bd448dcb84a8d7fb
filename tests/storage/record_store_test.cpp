// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/fixtures.hpp"
#include "tests/storage/raw_entry.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <grp.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>

namespace record_store_ {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  std::filesystem::path path = folder.path() / "records";

  std::string opening() {
    return text_of<storage_error>([&] { record_store s(path, reading()); });
  }
};

} // namespace

} // namespace record_store_

BOOST_FIXTURE_TEST_SUITE(record_store_, fixture)

BOOST_AUTO_TEST_CASE(a_store_knows_what_it_was_made_for) {
  auto info = info_of_tests();
  info.signature_size = 96;
  record_store::create(path, info);
  const record_store store(path);
  BOOST_TEST((store.info() == info));
  BOOST_TEST(store.info().format == record_store::format);
}

BOOST_AUTO_TEST_CASE(files_are_their_owners_alone) {
  const auto store = new_store(path);
  for (const char* name : {"", "data.mdb", "lock.mdb"}) {
    struct stat status {};
    BOOST_REQUIRE(::stat((path / name).c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0077) == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_store_is_made_once) {
  { const auto store = new_store(path); }
  BOOST_TEST(contains(text_of<storage_error>(
                          [&] { record_store::create(path, info_of_tests()); }),
                      path.string() + " holds a database already"));
}

BOOST_AUTO_TEST_CASE(a_store_that_was_cut_short_in_the_making_is_made_again) {
  auto options = options_of_tests();
  options.before_commit = [] { throw std::runtime_error("cut short"); };
  BOOST_CHECK_THROW(record_store::create(path, info_of_tests(), options),
                    std::runtime_error);
  BOOST_TEST(contains(opening(), "no chancery data in " + path.string() +
                                     ": run `chancery init`"));
  BOOST_CHECK_NO_THROW(new_store(path));
}

BOOST_AUTO_TEST_CASE(a_missing_store_says_what_to_do) {
  const auto expected =
      "no chancery data in " + path.string() + ": run `chancery init`";
  BOOST_TEST(opening() == expected);
  std::filesystem::create_directory(path);
  BOOST_TEST(opening() == expected);
  std::ofstream(path / "data.mdb").close();
  BOOST_TEST(opening() == expected);
}

BOOST_AUTO_TEST_CASE(a_folder_is_open_once_in_a_process) {
  auto store = std::make_optional(new_store(path));
  BOOST_TEST(contains(opening(), path.string() + " is open in this process"));
  const auto link = folder.path() / "link";
  std::filesystem::create_directory_symlink(path, link);
  BOOST_CHECK_THROW(record_store(link, reading()), storage_error);
  add_records(*store, 1); // the first one is unharmed
  store.reset();
  BOOST_TEST(record_store(link, reading()).read().record_count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_folder_stays_open_while_a_snapshot_lives) {
  auto store = std::make_optional(new_store(path));
  add_records(*store, 1);
  auto view = std::make_optional(store->read());
  store.reset();
  BOOST_TEST(view->record_count() == 1u);
  BOOST_TEST(!opening().empty());
  view.reset();
  BOOST_TEST(opening().empty());
}

BOOST_AUTO_TEST_CASE(a_newer_format_is_refused) {
  new_store(path);
  put_raw(path, "meta", "format", number(record_store::format + 1));
  BOOST_TEST(opening() ==
             path.string() +
                 " was written by a newer chancery (format 6, this one "
                 "knows 5): update chancery");
}

BOOST_AUTO_TEST_CASE(a_damaged_meta_table_is_corrupt) {
  using namespace std::string_view_literals;
  for (const auto& [name, value] : {std::pair{"format", std::optional(""sv)},
                                    {"format", "\0\0\0\0"sv},
                                    {"format", std::nullopt},
                                    {"signature_size", "\0\0\0\0"sv},
                                    {"signature_size", "\xff\0\0\0"sv},
                                    {"folder_id", "short"sv},
                                    {"folder_id", std::nullopt}}) {
    std::filesystem::remove_all(path);
    new_store(path);
    put_raw(path, "meta", name, value);
    BOOST_CHECK_THROW(record_store(path, reading()), corrupt);
    BOOST_TEST(contains(opening(), path.string()));
  }
}

BOOST_AUTO_TEST_CASE(somebody_elses_database_is_left_alone) {
  std::filesystem::create_directory(path);
  put_raw(path, "other", "key", "value");
  BOOST_TEST(contains(opening(), "no chancery data"));
  BOOST_TEST(contains(text_of<storage_error>(
                          [&] { record_store::create(path, info_of_tests()); }),
                      "holds a database already"));
}

BOOST_AUTO_TEST_CASE(a_damaged_row_or_key_is_corrupt) {
  {
    auto store = new_store(path);
    add_records(store, 10);
    BOOST_TEST(sign(store, 0, 5));
  }
  const std::string first(8, '\0');
  put_raw(path, "batches", first, "not a row");
  put_raw(path, "signatures", first, "not a signature");
  put_raw(path, "journal", "odd key", "");
  const record_store store(path, reading());
  const auto view = store.read();
  BOOST_TEST(contains(text_of<corrupt>([&] { (void)view.batch_of(3); }),
                      path.string()));
  BOOST_CHECK_THROW((void)view.first_unsigned(0), corrupt);
  BOOST_CHECK_THROW((void)view.signature(0), corrupt);
  BOOST_CHECK_THROW((void)view.event_count(), corrupt);
  BOOST_CHECK_NO_THROW((void)view.signature(1));
}

BOOST_AUTO_TEST_CASE(a_file_of_something_else_is_corrupt) {
  new_store(path);
  {
    std::fstream file(path / "data.mdb",
                      std::ios::in | std::ios::out | std::ios::binary);
    file << std::string(8192, 'x'); // both of LMDB's meta pages
  }
  BOOST_CHECK_THROW(record_store(path, options_of_tests()), corrupt);
  BOOST_TEST(contains(opening(), path.string()));
}

BOOST_AUTO_TEST_CASE(a_file_that_was_cut_off_is_corrupt) {
  {
    auto store = new_store(path);
    add_records(store, 100000);
  }
  const auto size = std::filesystem::file_size(path / "data.mdb");
  for (const auto part : {size / 2, size - size / 8, std::uintmax_t{8192}}) {
    std::filesystem::resize_file(path / "data.mdb", part);
    BOOST_CHECK_THROW(record_store(path, reading()), corrupt);
    BOOST_CHECK_THROW(record_store(path, options_of_tests()), corrupt);
  }
}

BOOST_AUTO_TEST_CASE(its_sizes_grow_with_what_is_in_it) {
  auto store = new_store(path);
  const auto empty = store.used_bytes();
  add_records(store, 1000);
  BOOST_TEST(store.used_bytes() > empty + 1000 * 8);
  BOOST_TEST(store.file_bytes() >= store.used_bytes());
  BOOST_TEST(store.file_bytes() < (1u << 20)); // not the map's 1 TiB
}

BOOST_AUTO_TEST_CASE(a_folder_without_permission_says_so_to_readers) {
  new_store(path);
  std::filesystem::permissions(path, std::filesystem::perms::owner_read |
                                         std::filesystem::perms::owner_exec);
  std::filesystem::permissions(path / "lock.mdb",
                               std::filesystem::perms::owner_read);
  const pid_t child = start_child([&] {
    // Root may write everywhere, so it becomes the user nobody.
    if (::geteuid() == 0 &&
        (::chown(folder.path().c_str(), 65534, 65534) != 0 ||
         ::chown(path.c_str(), 65534, 65534) != 0 ||
         ::chown((path / "data.mdb").c_str(), 65534, 65534) != 0 ||
         ::chown((path / "lock.mdb").c_str(), 65534, 65534) != 0 ||
         ::setgroups(0, nullptr) != 0 || ::setuid(65534) != 0))
      throw std::runtime_error("cannot become nobody");
    const std::string text = opening();
    if (!contains(text, path.string()) || !contains(text, "lock.mdb"))
      throw std::runtime_error("unexpected error text: " + text);
  });
  BOOST_TEST(end_of(child) == 0);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
}

BOOST_AUTO_TEST_SUITE_END()
