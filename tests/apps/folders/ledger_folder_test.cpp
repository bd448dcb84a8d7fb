// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/ledger_folder.hpp"

#include "apps/folders/data_folder.hpp"
#include "apps/platform/new_file.hpp"
#include "storage/errors.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(ledger_folder_test)

using namespace chancery;
using folder_type = apps::ledger_folder;
namespace fs = std::filesystem;

namespace {

struct fixture {
  fixture() { context.data = temp.path() / "data"; }

  folder_type folder() const { return folder_type(context.data); }

  apps::opened_ledger open(std::optional<std::uint32_t> block_size = {}) const {
    return folder().open_for_node(context, block_size);
  }

  std::string refusal(std::optional<std::uint32_t> block_size = {}) const {
    try {
      open(block_size);
    } catch (const std::exception& e) {
      return e.what();
    }
    return "";
  }

  void make_records() const {
    apps::make_data_folder(apps::data_folder(context.data),
                           {.keys = 1,
                            .curve = crypto::curve::p256,
                            .secret = given,
                            .map_size = {}});
  }

  /// Gives a passphrase from now on, as --passphrase-file does.
  void give_passphrase(const std::string& text) {
    context.passphrase_file = temp.path() / "given";
    write(context.passphrase_file, text);
    given = apps::passphrase{crypto::secret_string(text), "given"};
  }

  static void write(const fs::path& path, const std::string& text) {
    apps::write_file(path, text, 0600, apps::new_file::existing::replace);
  }

  fs::path stored_passphrase() const { return context.data / "passphrase"; }

  tests::temp_folder temp;
  apps::command_context context;
  std::optional<apps::passphrase> given;
};

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_first_start_makes_all_of_it_without_init, fixture) {
  crypto::key_id node{};
  {
    const auto made = open();
    node = made.identity.id();
    BOOST_TEST((made.store.info().node == node));
    BOOST_TEST(made.store.info().block_size == 100U);
  }
  BOOST_TEST(fs::exists(stored_passphrase()));
  BOOST_TEST((fs::status(context.data).permissions() == fs::perms::owner_all));
  BOOST_TEST((fs::status(context.data / "ledger").permissions() ==
              fs::perms::owner_all));
  BOOST_TEST(!fs::exists(context.data / "ledger-unfinished"));
  const auto again = open();
  BOOST_TEST((again.identity.id() == node));
}

BOOST_FIXTURE_TEST_CASE(a_second_node_is_refused_with_the_firsts_process_id,
                        fixture) {
  const auto first = open();
  try {
    open();
    BOOST_ERROR("a second node opened the ledger");
  } catch (const storage::locked& e) {
    BOOST_TEST(e.pid() == ::getpid());
  }
}

BOOST_FIXTURE_TEST_CASE(readers_need_neither_lock_nor_passphrase, fixture) {
  const auto id = open(7).identity.id();
  fs::remove(stored_passphrase());
  const auto lock = folder().lock();
  const auto reading = folder_type::existing(context);
  const auto store = reading.open_to_read({});
  const auto keys = reading.public_keys(store);
  BOOST_TEST((keys.signing.id() == id));
  BOOST_TEST((keys.encryption.id() != id));
  BOOST_TEST(keys.block_size == 7U);
}

BOOST_FIXTURE_TEST_CASE(the_block_size_is_the_chains_for_its_life, fixture) {
  open(7);
  BOOST_TEST(open().store.info().block_size == 7U);
  BOOST_TEST(open(7).store.info().block_size == 7U);
  BOOST_TEST(says(refusal(100), "fixed block size of 7"));
}

BOOST_FIXTURE_TEST_CASE(another_nodes_keys_do_not_open_the_chain, fixture) {
  open();
  const auto random = crypto::system_random();
  const auto stored = apps::passphrase_from_file(stored_passphrase());
  crypto::save_keyring(
      folder().keyring_path(),
      crypto::to_keyring(crypto::make_node_identity(random), random), stored,
      random);
  BOOST_TEST(says(refusal(), "belongs to the node"));
  const auto reading = folder_type::existing(context);
  const auto store = reading.open_to_read({});
  BOOST_CHECK_THROW(reading.public_keys(store), std::runtime_error);
}

BOOST_FIXTURE_TEST_CASE(a_first_start_that_was_cut_off_is_finished_by_the_next,
                        fixture) {
  // Interrupted after the mark, after the passphrase, after the keys.
  fs::create_directories(context.data);
  write(context.data / "ledger-unfinished", "");
  BOOST_CHECK_THROW(folder_type::existing(context), std::runtime_error);
  write(stored_passphrase(), "a passphrase from before the crash");
  const auto id = open().identity.id();
  BOOST_TEST(apps::passphrase_from_file(stored_passphrase()) ==
             "a passphrase from before the crash");
  fs::remove_all(context.data / "ledger");
  write(context.data / "ledger-unfinished", "");
  fs::remove(folder().keyring_path().public_file());
  const auto finished = open(5);
  BOOST_TEST((finished.identity.id() == id));
  BOOST_TEST(finished.store.info().block_size == 5U);
  BOOST_TEST(fs::exists(folder().keyring_path().public_file()));
  BOOST_TEST(!fs::exists(context.data / "ledger-unfinished"));
}

BOOST_FIXTURE_TEST_CASE(a_ledger_or_keys_that_went_missing_are_not_made_anew,
                        fixture) {
  open();
  fs::rename(context.data / "ledger", temp.path() / "kept");
  BOOST_TEST(says(refusal(), "is missing, but its node's keys exist"));
  fs::rename(temp.path() / "kept", context.data / "ledger");
  fs::remove(folder().keyring_path().private_file());
  BOOST_TEST(says(refusal(), "node.jwe is missing"));
}

BOOST_FIXTURE_TEST_CASE(a_strangers_folder_is_left_alone, fixture) {
  fs::create_directories(context.data / "ledger"); // somebody else's
  write(context.data / "letter", "");
  fs::permissions(context.data, fs::perms(0755));
  BOOST_TEST(says(refusal(), "not a data folder and not empty"));
  BOOST_TEST((fs::status(context.data).permissions() == fs::perms(0755)));
  BOOST_TEST(!fs::exists(context.data / "node.lock"));
}

BOOST_FIXTURE_TEST_CASE(records_and_ledger_share_a_folder_and_a_passphrase,
                        fixture) {
  make_records();
  const auto before = apps::passphrase_from_file(stored_passphrase());
  const auto id = open().identity.id();
  BOOST_TEST(apps::passphrase_from_file(stored_passphrase()) == before);
  const auto data = apps::data_folder::existing(context);
  const auto signing = data.lock(); // as `sign` would
  BOOST_TEST((open().identity.id() == id));
}

BOOST_FIXTURE_TEST_CASE(records_come_to_a_ledger_and_take_its_passphrase,
                        fixture) {
  open();
  try {
    apps::data_folder::existing(context);
    BOOST_ERROR("a folder without records was opened");
  } catch (const std::runtime_error& e) {
    BOOST_TEST(says(e.what(), "holds only a ledger"));
  }
  const auto before = apps::passphrase_from_file(stored_passphrase());
  make_records();
  BOOST_TEST(apps::passphrase_from_file(stored_passphrase()) == before);
  apps::data_folder::existing(context).open_keyring(context, false);
  open();
}

BOOST_FIXTURE_TEST_CASE(init_waits_for_a_node_to_end, fixture) {
  const auto node = open();
  BOOST_CHECK_THROW(make_records(), storage::locked);
  BOOST_TEST(!fs::exists(context.data / "init-unfinished"));
}

BOOST_FIXTURE_TEST_CASE(a_passphrase_of_ones_own_is_not_joined_by_a_random_one,
                        fixture) {
  give_passphrase("my own one");
  make_records();
  context.passphrase_file.clear();
  BOOST_TEST(says(refusal(), "no passphrase"));
  BOOST_TEST(!fs::exists(stored_passphrase()));
  give_passphrase("another one");
  BOOST_TEST(says(refusal(), "keyring.jwe"));
  BOOST_TEST(!folder().has_keys());
  give_passphrase("my own one");
  open();
}

BOOST_FIXTURE_TEST_CASE(init_beside_a_ledger_wants_the_ledgers_passphrase,
                        fixture) {
  give_passphrase("my own one");
  open();
  give_passphrase("another one");
  BOOST_CHECK_THROW(make_records(), crypto::wrong_passphrase);
  given.reset();
  BOOST_CHECK_THROW(make_records(), std::runtime_error);
  BOOST_TEST(!fs::exists(stored_passphrase()));
  BOOST_TEST(!fs::exists(context.data / "init-unfinished"));
  give_passphrase("my own one");
  make_records();
}

BOOST_FIXTURE_TEST_CASE(an_init_that_was_cut_off_leaves_the_ledger_alone,
                        fixture) {
  const auto id = open().identity.id();
  make_records();
  write(context.data / "init-unfinished", "");
  make_records();
  BOOST_TEST((open().identity.id() == id));
}

BOOST_FIXTURE_TEST_CASE(what_holds_no_ledger_is_said_to_hold_none, fixture) {
  const auto word = [&]() -> std::string {
    try {
      folder_type::existing(context);
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return "";
  };
  BOOST_TEST(says(word(), "chancery node --data")); // no folder
  make_records();
  BOOST_TEST(says(word(), "chancery node --data")); // records alone
}

BOOST_AUTO_TEST_SUITE_END()
