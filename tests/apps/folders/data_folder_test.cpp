// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/data_folder.hpp"

#include "apps/folders/status_file.hpp"
#include "apps/platform/new_file.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(data_folder_test)

using namespace chancery;
using namespace chancery::apps;
namespace fs = std::filesystem;
using folder_type = apps::data_folder;

namespace {

void make(const fs::path& path, std::uint64_t keys = 1) {
  make_data_folder(folder_type(path), {.keys = keys,
                                       .curve = crypto::curve::p256,
                                       .secret = {},
                                       .map_size = {}});
}

command_context naming(const fs::path& path) {
  command_context context;
  context.data = path;
  return context;
}

unsigned mode(const fs::path& path) {
  struct stat status {};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

std::string refusal(const fs::path& path) {
  try {
    folder_type::existing(naming(path));
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "";
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_new_folder_is_closed_to_others_and_opens) {
  const tests::temp_folder temp;
  const auto path = temp.path() / "a" / "b";
  make(path);
  const auto folder = folder_type::existing(naming(path));
  BOOST_TEST(mode(path) == 0700U);
  BOOST_TEST(mode(folder.records()) == 0700U);
  BOOST_TEST(mode(folder.passphrase_path()) == 0600U);
  BOOST_TEST(mode(folder.keyring_path().private_file()) == 0600U);
  BOOST_TEST(folder.public_keys().keys.size() == 1U);
  const auto store = folder.open_store(folder_type::access::read, {});
  BOOST_TEST(store.info().signature_size == 64U);
  const auto opened = folder.open_keyring(naming(path), false);
  BOOST_TEST(opened.keys.keys().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_folder_with_anything_in_it_is_left_alone) {
  const tests::temp_folder temp;
  write_file(temp.path() / "letter", "", 0600, apps::new_file::existing::keep);
  fs::permissions(temp.path(), fs::perms(0755));
  BOOST_CHECK_THROW(make(temp.path()), std::runtime_error);
  BOOST_TEST(mode(temp.path()) == 0755U);
  BOOST_TEST(!fs::exists(temp.path() / "lock"));
  BOOST_CHECK_THROW(make(temp.path() / "letter"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(an_init_never_overwrites_a_keyring) {
  const tests::temp_folder temp;
  make(temp.path());
  const auto before = folder_type(temp.path()).public_keys();
  BOOST_CHECK_THROW(make(temp.path()), std::runtime_error);
  // not even when the database is missing
  fs::remove_all(temp.path() / "records");
  BOOST_CHECK_THROW(make(temp.path()), std::runtime_error);
  BOOST_TEST((folder_type(temp.path()).public_keys().keys.front().key ==
              before.keys.front().key));
}

BOOST_AUTO_TEST_CASE(an_init_that_was_cut_off_is_noticed_and_can_be_repeated) {
  const tests::temp_folder temp;
  make(temp.path(), 1);
  write_file(temp.path() / "init-unfinished", "", 0600,
             apps::new_file::existing::keep);
  BOOST_TEST(says(refusal(temp.path()), "was interrupted"));
  make(temp.path(), 2);
  BOOST_TEST(refusal(temp.path()) == "");
  BOOST_TEST(folder_type(temp.path()).public_keys().keys.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_mark_that_came_back_does_not_clear_a_used_folder) {
  // A power cut can undo the removal of a name that is not on disk yet.
  const auto marked = [](const fs::path& root) {
    write_file(root / "init-unfinished", "", 0600,
               apps::new_file::existing::replace);
  };
  const auto kept = [&](const fs::path& root, const std::string& what) {
    marked(root);
    const auto before = apps::read_file(root / "keyring.jwe", 1 << 20);
    try {
      make(root, 2);
      BOOST_ERROR("init cleared a used folder");
    } catch (const std::runtime_error& e) {
      BOOST_TEST(says(e.what(), what), e.what());
      BOOST_TEST(says(e.what(), "init-unfinished"));
    }
    BOOST_TEST((apps::read_file(root / "keyring.jwe", 1 << 20) == before));
    BOOST_TEST(fs::exists(root / "passphrase"));
    fs::remove(root / "init-unfinished");
    BOOST_TEST(refusal(root) == "");
  };
  const tests::temp_folder records;
  make(records.path());
  {
    auto store =
        folder_type(records.path()).open_store(folder_type::access::write, {});
    auto t = store.write();
    t.append_record({});
    t.commit();
  }
  kept(records.path(), "holds 1 records");
  const tests::temp_folder events;
  make(events.path());
  {
    auto store =
        folder_type(events.path()).open_store(folder_type::access::write, {});
    auto t = store.write();
    const std::byte event{};
    t.append_event({&event, 1});
    t.commit();
  }
  kept(events.path(), "was used after its init");
  const tests::temp_folder cluster;
  make(cluster.path());
  write_file(cluster.path() / "cluster.jwe", "", 0600,
             apps::new_file::existing::keep);
  kept(cluster.path(), "holds the key of a cluster");
  const tests::temp_folder damaged;
  make(damaged.path());
  marked(damaged.path());
  write_file(damaged.path() / "records" / "data.mdb", "no database", 0600,
             apps::new_file::existing::replace);
  BOOST_CHECK_THROW(make(damaged.path()), std::runtime_error);
  BOOST_TEST(fs::exists(damaged.path() / "keyring.jwe"));
}

BOOST_AUTO_TEST_CASE(an_init_that_fails_leaves_nothing) {
  const tests::temp_folder temp;
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit unlimited{};
  BOOST_REQUIRE(::getrlimit(RLIMIT_FSIZE, &unlimited) == 0);
  // The keyring is too large, then the database's lock file.
  for (const rlim_t bytes : {100U, 8192U}) {
    const rlimit small{bytes, unlimited.rlim_max};
    BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    std::string said;
    try {
      make(temp.path());
    } catch (const std::runtime_error& e) {
      said = e.what();
    }
    BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &unlimited) == 0);
    BOOST_TEST(says(said, "File too large"), said);
    for (const auto& entry : fs::directory_iterator(temp.path()))
      BOOST_TEST(entry.path().filename().string().ends_with("lock"),
                 entry.path());
  }
  std::signal(SIGXFSZ, before);
  make(temp.path());
}

BOOST_AUTO_TEST_CASE(what_is_no_data_folder_is_said_to_be_none) {
  const tests::temp_folder temp;
  BOOST_TEST(says(refusal(temp.path() / "missing"), "chancery init"));
  BOOST_TEST(says(refusal(temp.path()), "is not a data folder"));
  write_file(temp.path() / "file", "", 0600, apps::new_file::existing::keep);
  BOOST_TEST(says(refusal(temp.path() / "file"), "is not a folder"));
}

BOOST_AUTO_TEST_CASE(a_wrong_passphrase_says_where_it_came_from) {
  const tests::temp_folder temp;
  make(temp.path() / "data");
  auto context = naming(temp.path() / "data");
  context.passphrase_file = temp.path() / "wrong";
  write_file(context.passphrase_file, "hunter2", 0600,
             apps::new_file::existing::keep);
  try {
    folder_type::existing(context).open_keyring(context, false);
    BOOST_ERROR("a wrong passphrase opened the keyring");
  } catch (const std::runtime_error& e) {
    BOOST_TEST(says(e.what(), context.passphrase_file.string()));
    BOOST_TEST(!says(e.what(), "hunter2"));
  }
}

BOOST_AUTO_TEST_CASE(keys_may_be_changed_beside_a_service_alone) {
  const tests::temp_folder temp;
  const auto path = temp.path() / "data";
  make(path);
  const auto folder = folder_type::existing(naming(path));
  {
    const auto free = folder.claim_keyring();
    BOOST_TEST(!free.service.has_value());
    BOOST_CHECK_THROW(folder.lock(), storage::locked);
  }
  const auto held = folder.lock();
  BOOST_CHECK_THROW(folder.claim_keyring(), storage::locked);
  const status_file job(folder.status_path(), [] {
    return nlohmann::ordered_json{{"batch_size", 100}};
  });
  BOOST_CHECK_THROW(folder.claim_keyring(), storage::locked);
  const status_file service(folder.status_path(), [] {
    return nlohmann::ordered_json{{"service", true}};
  });
  BOOST_TEST(folder.claim_keyring().service.value() == ::getpid());
  BOOST_CHECK_EXCEPTION(folder.lock(), storage::locked, [](const auto& e) {
    return says(e.what(), "POST /v1/records");
  });
}

BOOST_AUTO_TEST_SUITE_END()
