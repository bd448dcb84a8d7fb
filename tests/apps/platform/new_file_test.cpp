// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/new_file.hpp"

#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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

BOOST_AUTO_TEST_CASE(a_link_to_nothing_makes_its_target) {
  const tests::temp_folder folder;
  fs::create_directory(folder.path() / "sub");
  fs::create_symlink("sub/f", folder.path() / "link");
  apps::write_file(folder.path() / "link", "text", 0600, file::existing::keep);
  BOOST_TEST(fs::is_symlink(folder.path() / "link"));
  BOOST_TEST(content(folder.path() / "sub" / "f") == "text");
  BOOST_CHECK_THROW(apps::write_file(folder.path() / "link", "more", 0600,
                                     file::existing::keep),
                    std::runtime_error);
  BOOST_TEST(apps::remove_file(folder.path() / "link"));
  BOOST_TEST(!apps::remove_file(folder.path() / "link"));
  BOOST_TEST(fs::is_symlink(folder.path() / "link"));
  BOOST_TEST(entries(folder.path() / "sub") == 0U);
  fs::create_symlink("circle", folder.path() / "circle");
  BOOST_CHECK_THROW(apps::write_file(folder.path() / "circle", "", 0600,
                                     file::existing::replace),
                    std::runtime_error);
}

BOOST_AUTO_TEST_CASE(an_open_file_is_written_to_where_it_stands) {
  const tests::temp_folder folder;
  const auto path = folder.path() / "f";
  apps::write_file(path, "first;", 0600, file::existing::keep);
  const int fd = ::open(path.c_str(), O_RDWR | O_APPEND); // as if inherited
  BOOST_REQUIRE(fd >= 0);
  const auto number = std::to_string(fd);
  fs::create_symlink("/dev/fd/" + number, folder.path() / "link");
  const auto pid = std::to_string(::getpid());
  for (const auto& name :
       {"/proc/self/fd/" + number, "/dev/fd/" + number,
        "/proc/" + pid + "/fd/" + number, "/proc/thread-self/fd/" + number,
        (folder.path() / "link").string()}) {
    BOOST_TEST(!apps::replaces_a_file(name));
    apps::write_file(name, "more;", 0600, file::existing::keep);
  }
  BOOST_TEST(content(path) == "first;more;more;more;more;more;");
  BOOST_TEST(entries(folder.path()) == 2U);
  // A file of this program itself, such as a database, is none of these.
  BOOST_REQUIRE(::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0);
  BOOST_CHECK_THROW(apps::write_file("/proc/self/fd/" + number, "more", 0600,
                                     file::existing::replace),
                    std::runtime_error);
  ::close(fd);
  BOOST_CHECK_THROW(apps::write_file("/proc/self/fd/" + number, "more", 0600,
                                     file::existing::replace),
                    std::runtime_error);
}

BOOST_AUTO_TEST_CASE(another_processs_open_file_is_appended_to) {
  const tests::temp_folder folder;
  const auto path = folder.path() / "f";
  apps::write_file(path, "theirs;", 0600, file::existing::keep);
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  BOOST_REQUIRE(fd >= 0);
  const auto other = ::fork();
  if (other == 0)
    for (;;)
      ::pause();
  apps::write_file("/proc/" + std::to_string(other) + "/fd/" +
                       std::to_string(fd),
                   "ours;", 0600, file::existing::replace);
  ::kill(other, SIGKILL);
  ::waitpid(other, nullptr, 0);
  ::close(fd);
  BOOST_TEST(content(path) == "theirs;ours;");
}

BOOST_AUTO_TEST_CASE(standard_output_is_known_by_each_of_its_names) {
  for (const char* name : {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
    BOOST_TEST(apps::is_standard_output(name), name);
  for (const char* name : {"/dev/stderr", "/dev/null", "stdout", "/dev/fd/11"})
    BOOST_TEST(!apps::is_standard_output(name), name);
}

BOOST_AUTO_TEST_CASE(a_named_pipe_is_written_to) {
  const tests::temp_folder folder;
  const auto path = folder.path() / "pipe";
  BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  const int end = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  apps::write_file(path, "text", 0600, file::existing::replace);
  char read[8];
  BOOST_TEST(::read(end, read, sizeof read) == 4);
  ::close(end);
  BOOST_TEST(fs::is_fifo(path));
}

BOOST_AUTO_TEST_CASE(a_name_may_have_all_255_bytes_and_no_more) {
  const tests::temp_folder folder;
  const auto longest = folder.path() / std::string(255, 'n');
  apps::write_file(longest, "text", 0600, file::existing::keep);
  BOOST_TEST(content(longest) == "text");
  BOOST_CHECK_THROW( // before anything is written
      file(folder.path() / std::string(256, 'n'), 0600, file::existing::keep),
      std::runtime_error);
  BOOST_TEST(entries(folder.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(a_file_over_the_limit_of_files_leaves_nothing) {
  const tests::temp_folder folder;
  apps::append_durably(folder.path() / "lines", 0, "a line\n");
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit unlimited{};
  BOOST_REQUIRE(::getrlimit(RLIMIT_FSIZE, &unlimited) == 0);
  const rlimit small{4096, unlimited.rlim_max};
  BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  std::string said[2];
  const std::string text(200'000, 'x');
  try {
    apps::write_file(folder.path() / "f", text, 0600, file::existing::keep);
  } catch (const std::runtime_error& e) {
    said[0] = e.what();
  }
  try {
    apps::append_durably(folder.path() / "lines", 7, text);
  } catch (const std::runtime_error& e) {
    said[1] = e.what();
  }
  BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &unlimited) == 0);
  std::signal(SIGXFSZ, before);
  for (const auto& each : said)
    BOOST_TEST(each.ends_with("File too large"), each);
  BOOST_TEST(content(folder.path() / "lines") == "a line\n");
  BOOST_TEST(entries(folder.path()) == 1U);
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
