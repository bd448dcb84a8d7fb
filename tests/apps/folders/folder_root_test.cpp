// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/folder_root.hpp"

#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(folder_root_test)

using namespace chancery;
using apps::make_root;
using apps::stranger_in;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_CASE(a_missing_or_empty_folder_has_no_stranger) {
  const tests::temp_folder temp;
  BOOST_TEST(!stranger_in(temp.path()));
  BOOST_TEST(!stranger_in(temp.path() / "missing"));
}

BOOST_AUTO_TEST_CASE(locks_and_a_new_disks_folder_are_none) {
  const tests::temp_folder temp;
  fs::create_directory(temp.path() / "lost+found");
  std::ofstream(temp.path() / "lock");
  std::ofstream(temp.path() / "node.lock");
  BOOST_TEST(!stranger_in(temp.path()));
}

BOOST_AUTO_TEST_CASE(what_is_not_ours_is_named) {
  const tests::temp_folder temp;
  std::ofstream(temp.path() / "letter");
  BOOST_TEST(stranger_in(temp.path()).value() == "letter");
  BOOST_TEST(stranger_in(temp.path(), {"letters"}).value() == "letter");
  BOOST_TEST(!stranger_in(temp.path(), {"ledger", "letter"}));
  BOOST_CHECK_THROW(stranger_in(temp.path() / "letter"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(what_a_kill_left_of_ours_is_no_stranger) {
  const tests::temp_folder temp;
  std::ofstream(temp.path() / ".chancery-a1B2c3");
  BOOST_TEST(!stranger_in(temp.path()));
  for (const char* name : {".chancery-a1B2c", ".chancery.a1B2c3", "node.jwf"}) {
    std::ofstream(temp.path() / name);
    BOOST_TEST(stranger_in(temp.path(), {"node.jwe"}).value() == name);
    fs::remove(temp.path() / name);
  }
}

BOOST_AUTO_TEST_CASE(a_mark_is_made_once_or_again_and_alone) {
  const tests::temp_folder temp;
  for (int i = 0; i < 2; ++i) {
    apps::make_mark(temp.path() / "under-way");
    BOOST_TEST(!stranger_in(temp.path(), {"under-way"}));
    BOOST_TEST(fs::file_size(temp.path() / "under-way") == 0U);
  }
}

BOOST_AUTO_TEST_CASE(a_root_is_made_with_what_is_above_it_and_closed) {
  const tests::temp_folder temp;
  const auto path = temp.path() / "a" / "b";
  make_root(path);
  BOOST_TEST((fs::status(path).permissions() == fs::perms::owner_all));
  std::ofstream(temp.path() / "file");
  BOOST_CHECK_THROW(make_root(temp.path() / "file" / "below"),
                    std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
