// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/new_folder.hpp"

#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(new_folder_test)

using namespace chancery;
using apps::is_free_for_a_folder;
using apps::make_folders;
namespace fs = std::filesystem;
using folder_type = apps::new_folder;

namespace {

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

void fill(const fs::path& place) {
  folder_type folder(place);
  std::ofstream(folder.path() / "a") << "text";
  fs::create_directory(folder.path() / "b");
  folder.commit(0700);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_new_folder_appears_whole) {
  const tests::temp_folder temp;
  const auto place = temp.path() / "out";
  {
    folder_type folder(temp.path() / "out/");
    std::ofstream(folder.path() / "a") << "text";
    BOOST_TEST(!fs::exists(place));
    folder.commit(0700);
  }
  BOOST_TEST(entries(place) == 1U);
  BOOST_TEST((fs::status(place).permissions() == fs::perms::owner_all));
  BOOST_TEST(entries(temp.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(an_empty_folder_is_filled_and_stays_the_same_one) {
  const tests::temp_folder temp;
  const auto place = temp.path() / "out";
  fs::create_directory(place);
  fs::create_directory(place / "lost+found"); // as on a new disk
  fs::create_symlink("out", temp.path() / "link");
  fs::permissions(place, fs::perms(0755));
  const auto before = fs::current_path();
  fs::current_path(place);
  fill("."); // nothing could be renamed to that name
  fs::current_path(before);
  BOOST_TEST(entries(place) == 3U);
  BOOST_TEST((fs::status(place).permissions() == fs::perms(0755)));
  fs::remove_all(place / "a");
  fs::remove_all(place / "b");
  fill(temp.path() / "link/");
  BOOST_TEST(entries(place) == 3U);
  BOOST_TEST(fs::is_symlink(temp.path() / "link"));
}

BOOST_AUTO_TEST_CASE(a_folder_with_anything_in_it_is_refused_at_once) {
  const tests::temp_folder temp;
  std::ofstream(temp.path() / "letter");
  fs::create_symlink(".", temp.path() / "link");
  for (const auto& place :
       {temp.path(), temp.path() / "letter", temp.path() / "link"}) {
    BOOST_TEST(!is_free_for_a_folder(place));
    BOOST_CHECK_THROW(folder_type{place}, std::runtime_error);
  }
  BOOST_TEST(entries(temp.path()) == 2U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_given_up_leaves_nothing) {
  const tests::temp_folder temp;
  fs::create_directory(temp.path() / "old");
  for (const auto* name : {"new", "old"}) {
    folder_type folder(temp.path() / name);
    std::ofstream(folder.path() / "a") << "text";
  }
  BOOST_TEST(entries(temp.path()) == 1U);
  BOOST_TEST(entries(temp.path() / "old") == 0U);
}

BOOST_AUTO_TEST_CASE(a_link_to_nothing_makes_its_target) {
  const tests::temp_folder temp;
  fs::create_symlink("target", temp.path() / "link");
  fill(temp.path() / "link");
  BOOST_TEST(fs::is_symlink(temp.path() / "link"));
  BOOST_TEST(entries(temp.path() / "target") == 2U);
}

BOOST_AUTO_TEST_CASE(a_name_may_have_all_255_bytes_and_no_more) {
  const tests::temp_folder temp;
  fill(temp.path() / std::string(255, 'n'));
  BOOST_TEST(entries(temp.path() / std::string(255, 'n')) == 2U);
  BOOST_CHECK_THROW(folder_type{temp.path() / std::string(256, 'n')},
                    std::runtime_error);
  BOOST_TEST(entries(temp.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(folders_are_made_with_what_is_above_them) {
  const tests::temp_folder temp;
  make_folders(temp.path() / "a" / "b" / "");
  BOOST_TEST(fs::is_directory(temp.path() / "a" / "b"));
  make_folders(temp.path() / "a" / "b");
  std::ofstream(temp.path() / "file");
  BOOST_CHECK_THROW(make_folders(temp.path() / "file"), std::runtime_error);
  BOOST_CHECK_THROW(make_folders(temp.path() / "file" / "c"),
                    std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
