// SPDX-License-Identifier: Apache-2.0
#include "storage/mount.hpp"
#include "tests/storage/fixtures.hpp"
#include "tests/storage/mounts.hpp"

#include <boost/test/unit_test.hpp>

namespace mount_ {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  std::filesystem::path disk = folder.path() / "disk";
  std::filesystem::path path = disk / "records";
};

} // namespace

} // namespace mount_

BOOST_FIXTURE_TEST_SUITE(mount_, fixture)

BOOST_AUTO_TEST_CASE(a_folder_of_ours_is_writable) {
  BOOST_TEST((mount_mode_of(folder.path()) == mount_mode::writable));
}

BOOST_AUTO_TEST_CASE(a_read_only_file_system_is_read_without_a_lock) {
  const mounted tmpfs(disk);
  if (!tmpfs.ok())
    return;
  {
    auto store = new_store(path);
    add_records(store, 3);
  }
  std::filesystem::remove(path / "lock.mdb");
  BOOST_REQUIRE(::mount(nullptr, disk.c_str(), nullptr, MS_REMOUNT | MS_RDONLY,
                        nullptr) == 0);
  BOOST_TEST((mount_mode_of(path) == mount_mode::read_only));
  BOOST_TEST(record_store(path, reading()).read().record_count() == 3u);
  BOOST_TEST(contains(
      text_of<storage_error>([&] { record_store(path, options_of_tests()); }),
      "mount it writable"));
}

BOOST_AUTO_TEST_CASE(a_read_only_view_of_what_others_write_is_refused) {
  const mounted tmpfs(disk);
  if (!tmpfs.ok())
    return;
  new_store(path);
  const auto view = folder.path() / "view";
  const mounted below(view);
  BOOST_REQUIRE(
      ::mount(disk.c_str(), view.c_str(), nullptr, MS_BIND, nullptr) == 0);
  BOOST_REQUIRE(::mount(nullptr, view.c_str(), nullptr,
                        MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0);
  BOOST_TEST((mount_mode_of(view) == mount_mode::read_only_here));
  BOOST_TEST(contains(text_of<storage_error>(
                          [&] { record_store(view / "records", reading()); }),
                      "mounted read-only here"));
  ::umount2(view.c_str(), MNT_DETACH);
}

BOOST_AUTO_TEST_SUITE_END()
