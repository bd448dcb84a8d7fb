// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/new_file.hpp"

#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

BOOST_AUTO_TEST_SUITE(new_file_test)

using namespace chancery;
namespace fs = std::filesystem;
using file = apps::new_file;

namespace {

std::string content(const fs::path& path) {
  return std::string(apps::read_file(path, 1 << 20));
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_file_appears_whole_when_it_is_committed) {
  const tests::temp_folder folder;
  const auto path = folder.path() / "f";
  file f(path, 0600, file::existing::keep);
  f.write("some ");
  f.write("text");
  BOOST_TEST(!fs::exists(path));
  f.commit();
  BOOST_TEST(content(path) == "some text");
  BOOST_TEST(entries(folder.path()) == 1U);
  struct stat status {};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600U);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_given_up_leaves_nothing) {
  const tests::temp_folder folder;
  apps::write_file(folder.path() / "f", "old", 0600, file::existing::keep);
  {
    file f(folder.path() / "f", 0600, file::existing::replace);
    f.write("new");
  }
  BOOST_TEST(content(folder.path() / "f") == "old");
  BOOST_TEST(entries(folder.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(an_existing_file_is_kept_or_replaced_as_told) {
  const tests::temp_folder folder;
  const auto path = folder.path() / "f";
  apps::write_file(path, "old", 0644, file::existing::keep);
  BOOST_CHECK_THROW(apps::write_file(path, "new", 0600, file::existing::keep),
                    std::runtime_error);
  BOOST_TEST(content(path) == "old");
  apps::write_file(path, "new", 0600, file::existing::replace);
  BOOST_TEST(content(path) == "new");
}

BOOST_AUTO_TEST_CASE(a_file_that_appears_meanwhile_is_kept_too) {
  const tests::temp_folder folder;
  const auto path = folder.path() / "f";
  file f(path, 0600, file::existing::keep);
  f.write("late");
  apps::write_file(path, "early", 0600, file::existing::keep);
  BOOST_CHECK_THROW(f.commit(), std::runtime_error);
  BOOST_TEST(content(path) == "early");
}

BOOST_AUTO_TEST_CASE(a_device_is_written_to_and_never_replaced) {
  apps::write_file("/dev/null", "gone", 0600, file::existing::replace);
  BOOST_TEST(fs::is_character_file("/dev/null"));
  if (!fs::exists("/dev/full"))
    return;
  file f("/dev/full", 0600, file::existing::replace);
  f.write("no room");
  BOOST_CHECK_THROW(f.commit(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_link_is_followed) {
  const tests::temp_folder folder;
  apps::write_file(folder.path() / "f", "old", 0600, file::existing::keep);
  fs::create_symlink("f", folder.path() / "link");
  apps::write_file(folder.path() / "link", "new", 0600,
                   file::existing::replace);
  BOOST_TEST(fs::is_symlink(folder.path() / "link"));
  BOOST_TEST(content(folder.path() / "f") == "new");
}

BOOST_AUTO_TEST_CASE(errors_name_the_file) {
  const tests::temp_folder folder;
  const auto missing = folder.path() / "no" / "f";
  try {
    apps::write_file(missing, "", 0600, file::existing::replace);
    BOOST_ERROR("wrote into a folder that is missing");
  } catch (const std::runtime_error& e) {
    BOOST_TEST(std::string(e.what()) == "cannot write " + missing.string() +
                                            ": No such file or directory");
  }
  BOOST_CHECK_THROW(
      apps::write_file(folder.path(), "", 0600, file::existing::replace),
      std::runtime_error);
  apps::write_file(folder.path() / "f", "12345", 0600, file::existing::keep);
  BOOST_CHECK_THROW(apps::read_file(folder.path() / "f", 4),
                    std::runtime_error);
  BOOST_TEST(apps::read_file(folder.path() / "f", 5).size() == 5U);
}

BOOST_AUTO_TEST_SUITE_END()
