// SPDX-License-Identifier: Apache-2.0
#include "storage/errors.hpp"
#include "storage/lock_file.hpp"
#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <sys/stat.h>

namespace lock_file_ {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  std::filesystem::path path = folder.path() / "lock";
};

/// Starts a child that holds the lock until it is killed.
pid_t child_with_lock(const std::filesystem::path& path) {
  int ready[2];
  BOOST_REQUIRE(::pipe(ready) == 0);
  const pid_t child = start_child([&] {
    const lock_file lock(path);
    if (::write(ready[1], "x", 1) == 1)
      ::pause();
  });
  ::close(ready[1]);
  char byte = 0;
  BOOST_REQUIRE(::read(ready[0], &byte, 1) == 1);
  ::close(ready[0]);
  return child;
}

} // namespace

} // namespace lock_file_

BOOST_FIXTURE_TEST_SUITE(lock_file_, fixture)

BOOST_AUTO_TEST_CASE(a_free_lock_has_no_holder) {
  BOOST_TEST(!lock_file::holder(path).has_value());
  { const lock_file lock(path); }
  BOOST_TEST(!lock_file::holder(path).has_value());
  BOOST_TEST(std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(the_holder_is_named_by_its_process) {
  const lock_file lock(path);
  BOOST_TEST((lock_file::holder(path) == ::getpid()));
  struct stat status {};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600u);
}

BOOST_AUTO_TEST_CASE(another_process_is_refused_and_told_who_has_it) {
  const pid_t child = child_with_lock(path);
  BOOST_TEST((lock_file::holder(path) == child));
  try {
    const lock_file lock(path);
    BOOST_ERROR("two processes have the lock");
  } catch (const locked& error) {
    BOOST_TEST(error.pid() == child);
    BOOST_TEST(error.what() == folder.path().string() +
                                   " is in use by process " +
                                   std::to_string(child) +
                                   ": stop it or wait until it is done");
  }
  ::kill(child, SIGKILL);
  end_of(child);
}

BOOST_AUTO_TEST_CASE(a_killed_holder_leaves_the_lock_free) {
  const pid_t child = child_with_lock(path);
  ::kill(child, SIGKILL);
  end_of(child);
  BOOST_TEST(!lock_file::holder(path).has_value());
  const lock_file lock(path);
  BOOST_TEST((lock_file::holder(path) == ::getpid()));
}

BOOST_AUTO_TEST_CASE(a_forked_child_that_ends_does_not_free_it) {
  auto lock = std::make_optional<lock_file>(path);
  BOOST_TEST(end_of(start_child([&] { lock.reset(); })) == 0);
  BOOST_TEST((lock_file::holder(path) == ::getpid()));
}

BOOST_AUTO_TEST_CASE(a_moved_lock_is_held_once) {
  lock_file first(path);
  {
    const lock_file second(std::move(first));
    BOOST_TEST((lock_file::holder(path) == ::getpid()));
  }
  BOOST_TEST(!lock_file::holder(path).has_value());
}

BOOST_AUTO_TEST_CASE(a_look_at_the_holder_does_not_disturb_who_takes_it) {
  const pid_t looker = start_child([&] {
    for (;;)
      lock_file::holder(path);
  });
  for (int i = 0; i < 1000; ++i)
    BOOST_CHECK_NO_THROW(lock_file{path});
  ::kill(looker, SIGKILL);
  end_of(looker);
}

BOOST_AUTO_TEST_CASE(a_lock_file_is_closed_in_programs_that_are_started) {
  const lock_file lock(path);
  bool found = false;
  for (int fd = 3; fd < 64; ++fd) {
    struct stat ours {
    }, open{};
    if (::fstat(fd, &open) != 0 || ::stat(path.c_str(), &ours) != 0 ||
        open.st_ino != ours.st_ino || open.st_dev != ours.st_dev)
      continue;
    found = true;
    BOOST_TEST((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
  }
  BOOST_TEST(found);
}

BOOST_AUTO_TEST_CASE(a_file_without_a_number_tells_no_process) {
  const lock_file lock(path);
  std::ofstream(path) << "?";
  BOOST_TEST((lock_file::holder(path) == 0));
  BOOST_TEST(contains(text_of<locked>([&] { lock_file again(path); }),
                      "in use by another process"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_missing_is_an_error_that_names_it) {
  const auto nowhere = folder.path() / "missing" / "lock";
  BOOST_TEST(contains(text_of<storage_error>([&] { lock_file l(nowhere); }),
                      nowhere.string()));
}

BOOST_AUTO_TEST_SUITE_END()
