// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/whole_file.hpp"

#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(whole_file_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;
namespace fs = std::filesystem;
using existing = whole_file::existing;

namespace {

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

void put(const fs::path& place, std::string_view text,
         existing what = existing::replace) {
  whole_file file(place);
  file.write(text);
  file.commit(0640, what);
}

} // namespace

BOOST_AUTO_TEST_CASE(it_appears_whole_with_its_mode) {
  const temp_folder folder;
  const auto place = folder.path() / "f";
  {
    whole_file file(place);
    file.write("some ");
    file.write("text");
    BOOST_TEST(!fs::exists(place));
    BOOST_TEST(entries(folder.path()) == 1U);
    const auto name =
        fs::directory_iterator(folder.path())->path().filename().string();
    BOOST_TEST(is_temporary_name(name), name);
    file.commit(0640, existing::keep);
  }
  BOOST_TEST(read_text(place) == "some text");
  BOOST_TEST((fs::status(place).permissions() == fs::perms(0640)));
  BOOST_TEST(entries(folder.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(without_a_commit_nothing_is_left) {
  const temp_folder folder;
  put(folder.path() / "f", "old");
  { whole_file(folder.path() / "f").write("new"); }
  BOOST_TEST(read_text(folder.path() / "f") == "old");
  BOOST_CHECK_THROW(put(folder.path() / "f", "new", existing::keep),
                    std::system_error);
  BOOST_TEST(read_text(folder.path() / "f") == "old");
  BOOST_TEST(entries(folder.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(a_name_may_have_all_255_bytes) {
  const temp_folder folder;
  for (const std::size_t size : {248U, 249U, 255U}) {
    put(folder.path() / std::string(size, 'n'), "text");
    BOOST_TEST(read_text(folder.path() / std::string(size, 'n')) == "text");
  }
}

BOOST_AUTO_TEST_CASE(a_path_leads_where_its_links_do) {
  const temp_folder folder;
  const auto& root = folder.path();
  fs::create_directory(root / "sub");
  fs::create_symlink("sub/first", root / "relative");
  fs::create_symlink(root / "relative", root / "sub" / "absolute");
  fs::create_symlink("sub/absolute", root / "long");
  BOOST_TEST(link_target(root / "plain") == root / "plain");
  BOOST_TEST(link_target("plain") == "plain");
  BOOST_TEST(link_target(root / "relative") == root / "sub/first");
  BOOST_TEST(link_target(root / "long") == root / "sub/first");
  fs::create_symlink("there", root / "here");
  fs::create_symlink("here", root / "there");
  BOOST_TEST(contains(complaint([&] { link_target(root / "here"); }),
                      (root / "here").string()));
}

BOOST_AUTO_TEST_CASE(a_link_of_an_open_file_is_no_name) {
  BOOST_TEST(link_target("/proc/self/fd/1") == "/proc/self/fd/1");
  BOOST_TEST(link_target("/dev/stdout") == "/proc/self/fd/1");
}

BOOST_AUTO_TEST_CASE(only_our_temporary_names_are_temporary) {
  BOOST_TEST(is_temporary_name(".chancery-a1B2c3"));
  for (const auto* name : {"", "f", ".chancery-", ".chancery-a1B2c3d",
                           "chancery-a1B2c3", ".chancery.a1B2c3"})
    BOOST_TEST(!is_temporary_name(name), name);
}

BOOST_AUTO_TEST_CASE(a_full_pipe_that_does_not_block_is_waited_for) {
  int ends[2];
  BOOST_REQUIRE(::pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0);
  const std::string text(300'000, 'x'); // a pipe holds 65,536
  std::string read;
  const auto writer = ::fork();
  if (writer == 0) {
    write_all(ends[1], text, "pipe");
    ::_exit(0);
  }
  ::close(ends[1]);
  BOOST_REQUIRE(::fcntl(ends[0], F_SETFL, 0) == 0);
  char part[4096];
  for (ssize_t n = 0; (n = ::read(ends[0], part, sizeof part)) > 0;)
    read.append(part, static_cast<std::size_t>(n));
  ::close(ends[0]);
  BOOST_TEST((read == text));
}

BOOST_AUTO_TEST_SUITE_END()
