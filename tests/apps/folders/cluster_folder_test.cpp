// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/cluster_folder.hpp"

#include "apps/platform/new_file.hpp"
#include "crypto/keys/key.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <stdexcept>
#include <string>

BOOST_AUTO_TEST_SUITE(cluster_folder_test)

using namespace chancery;
using namespace chancery::apps;
using chancery::crypto::host_role;

namespace {

namespace fs = std::filesystem;

crypto::host_credentials issued(host_role role,
                                std::chrono::system_clock::duration ago = {}) {
  const auto random = crypto::system_random();
  const auto now = std::chrono::system_clock::now() - ago;
  const auto key = crypto::private_key::generate(crypto::curve::p256, random);
  const auto pem = crypto::make_authority_certificate(key, now, random);
  return crypto::issue_host_certificate(key, pem, "left", role, now,
                                        std::chrono::days(1), random);
}

struct host_folder {
  tests::temp_folder parent;
  cluster_folder folder{parent.path() / "left"};

  explicit host_folder(const crypto::host_credentials& host) {
    folder.make(host);
  }
};

std::string refusal(const cluster_folder& folder,
                    host_role wanted = host_role::worker) {
  try {
    folder.load(wanted);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return {};
}

bool says(const std::string& said, const std::string& word) {
  return said.find(word) != std::string::npos;
}

void replace(const fs::path& path, std::string_view text) {
  write_file(path, text, 0600, new_file::existing::replace);
}

fs::perms mode_of(const fs::path& path) {
  return fs::status(path).permissions();
}

} // namespace

BOOST_AUTO_TEST_CASE(what_was_made_is_loaded) {
  const auto host = issued(host_role::worker);
  const host_folder made(host);
  const auto loaded = made.folder.load(host_role::worker);
  BOOST_TEST(loaded.authority_pem == host.authority_pem);
  BOOST_TEST(loaded.certificate_pem == host.certificate_pem);
  BOOST_TEST((loaded.key_pem == host.key_pem));
  BOOST_TEST((mode_of(made.folder.root()) == fs::perms(0700)));
  BOOST_TEST((mode_of(made.folder.key_path()) == fs::perms(0600)));
}

BOOST_AUTO_TEST_CASE(another_role_is_refused_with_the_command_that_helps) {
  const host_folder made(issued(host_role::worker));
  const auto said = refusal(made.folder, host_role::client);
  BOOST_TEST(says(said, "for a worker, but this host runs as a client"), said);
  BOOST_TEST(says(said, "chancery cluster issue left --role client"), said);
}

BOOST_AUTO_TEST_CASE(each_missing_file_is_named) {
  for (const std::string name : {"ca.pem", "host.pem", "host.key"}) {
    const host_folder made(issued(host_role::worker));
    fs::remove(made.folder.root() / name);
    const auto said = refusal(made.folder);
    BOOST_TEST(says(said, name + " is missing: copy the whole folder"), said);
  }
  const tests::temp_folder empty;
  BOOST_TEST(says(refusal(cluster_folder(empty.path() / "none")),
                  "there is no folder"));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_together_is_refused) {
  const host_folder made(issued(host_role::worker));
  const auto other = issued(host_role::worker);
  replace(made.folder.key_path(), other.key_pem);
  BOOST_TEST(says(refusal(made.folder), "does not match its certificate"));
  replace(made.folder.certificate_path(), other.certificate_pem);
  BOOST_TEST(says(refusal(made.folder), "another authority"));
  replace(made.folder.authority_path(), other.authority_pem);
  BOOST_TEST(refusal(made.folder) == "");
  BOOST_TEST(says(
      refusal(host_folder(issued(host_role::worker, std::chrono::hours(25)))
                  .folder),
      "expired at 20"));
}

BOOST_AUTO_TEST_CASE(a_key_that_others_may_read_is_loaded_all_the_same) {
  const host_folder made(issued(host_role::worker));
  fs::permissions(made.folder.key_path(), fs::perms(0644));
  BOOST_TEST(refusal(made.folder) == "");
}

BOOST_AUTO_TEST_CASE(a_folder_with_anything_in_it_is_never_overwritten) {
  const auto host = issued(host_role::worker);
  const host_folder made(host);
  BOOST_CHECK_THROW(made.folder.make(issued(host_role::node)),
                    std::runtime_error);
  BOOST_TEST((made.folder.read().key_pem == host.key_pem));

  const tests::temp_folder parent;
  const auto path = parent.path() / "a" / "b";
  fs::create_directories(path);
  cluster_folder(path / "").make(host);
  BOOST_TEST(refusal(cluster_folder(path)) == "");
  fs::create_symlink("a", parent.path() / "link");
  BOOST_CHECK_THROW(cluster_folder(parent.path() / "link").make(host),
                    std::runtime_error);
  // The refused calls left nothing behind.
  BOOST_TEST(std::distance(fs::directory_iterator(parent.path()), {}) == 2);
  fs::remove(parent.path() / "link");
  fs::create_symlink("new", parent.path() / "link");
  cluster_folder(parent.path() / "link").make(host);
  BOOST_TEST(fs::is_symlink(parent.path() / "link"));
  BOOST_TEST(refusal(cluster_folder(parent.path() / "new")) == "");
}

BOOST_AUTO_TEST_SUITE_END()
