// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/client_folder.hpp"

#include "apps/platform/new_file.hpp"
#include "tests/apps/ledgers.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sys/stat.h>
#include <thread>

BOOST_AUTO_TEST_SUITE(client_folder_test)

using namespace chancery;
using folder_type = apps::client_folder;
namespace fs = std::filesystem;

namespace {

struct fixture {
  bool make(const fs::path& passphrase_file = {}) const {
    return folder.make(passphrase_file,
                       {.compact = "the.keys.jws", .keys = ledger.keys(100)});
  }

  static crypto::receipt receipt(std::uint64_t sequence) {
    crypto::receipt r;
    r.sequence = sequence;
    r.index = sequence + 10;
    return r;
  }

  std::string receipts() const {
    return std::string(apps::read_file(folder.receipts_path(), 1 << 20));
  }

  tests::temp_folder temp;
  tests::small_ledger ledger{1};
  folder_type folder{temp.path() / "client"};
};

void check_same(const apps::client_state& a, const apps::client_state& b) {
  BOOST_TEST(a.node_keys == b.node_keys);
  BOOST_TEST(a.memory.sequence == b.memory.sequence);
  BOOST_TEST(a.memory.unconfirmed == b.memory.unconfirmed);
  BOOST_TEST((a.memory.highest == b.memory.highest));
}

const apps::client_state full_state{
    .node_keys = "a.b.c",
    .memory = {.sequence = crypto::sequence_max,
               .unconfirmed = "d.e.f",
               .highest = crypto::block_ref{.index = 7, .hash = {1, 2, 3}}}};

} // namespace

BOOST_AUTO_TEST_CASE(a_state_is_read_as_it_was_written) {
  check_same(apps::client_state_from_json(apps::to_json_text(full_state)),
             full_state);
  const apps::client_state fresh{.node_keys = "a.b.c", .memory = {}};
  check_same(apps::client_state_from_json(apps::to_json_text(fresh)), fresh);
}

BOOST_AUTO_TEST_CASE(a_state_that_is_damaged_or_newer_is_refused) {
  auto newer = apps::to_json_text(full_state);
  newer.replace(newer.find("\"format\":1"), 10, "\"format\":2");
  auto unsure = apps::to_json_text(full_state);
  unsure.replace(unsure.find("\"sequence\""), 10, "\"sequences\"");
  for (const auto& text : {newer, unsure, std::string(), std::string("{}"),
                           std::string("[]"), std::string("7")})
    BOOST_CHECK_THROW(apps::client_state_from_json(text),
                      std::invalid_argument);
}

BOOST_FIXTURE_TEST_CASE(a_new_client_has_a_key_and_no_memory, fixture) {
  BOOST_TEST(make());
  struct stat status {};
  BOOST_REQUIRE(::stat(folder.root().c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0700U);
  const auto opened = folder_type::existing(folder.root());
  BOOST_TEST((opened.open_identity({}).id() == opened.id()));
  check_same(opened.load(), {.node_keys = "the.keys.jws", .memory = {}});
  BOOST_TEST(opened.receipt_count() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_client_is_never_made_over_another, fixture) {
  make();
  const auto id = folder.id();
  BOOST_CHECK_THROW(make(), std::runtime_error);
  BOOST_TEST((folder.id() == id));
}

BOOST_FIXTURE_TEST_CASE(an_init_that_was_cut_off_can_be_repeated, fixture) {
  make();
  fs::remove(folder.state_path()); // which is written last
  BOOST_CHECK_THROW(folder_type::existing(folder.root()), std::runtime_error);
  make();
  folder.open_identity({});
}

BOOST_FIXTURE_TEST_CASE(a_strangers_folder_is_left_alone, fixture) {
  fs::create_directory(folder.root());
  std::ofstream(folder.root() / "letter");
  BOOST_CHECK_THROW(make(), std::runtime_error);
  BOOST_TEST(!fs::exists(folder.root() / "lock"));
}

BOOST_FIXTURE_TEST_CASE(a_passphrase_of_ones_own_is_not_stored, fixture) {
  const auto own = temp.path() / "own";
  apps::write_file(own, "a long passphrase", 0600,
                   apps::new_file::existing::keep);
  BOOST_TEST(!make(own));
  BOOST_TEST(!fs::exists(folder.passphrase_path()));
  folder.open_identity(own);
  BOOST_CHECK_THROW(folder.open_identity({}), std::runtime_error);
}

BOOST_FIXTURE_TEST_CASE(receipts_are_kept_in_order_and_found_again, fixture) {
  make();
  folder.keep_receipt("m.1", "r.1", receipt(1));
  folder.keep_receipt("m.2", "r.2", receipt(2));
  BOOST_TEST(folder.receipt_count() == 2U);
  BOOST_TEST(folder.has_receipt("r.1"));
  BOOST_TEST(folder.has_receipt("r.2"));
  BOOST_TEST(!folder.has_receipt("r"));
  BOOST_TEST(receipts() ==
             "{\"seq\":1,\"index\":11,\"message\":\"m.1\",\"receipt\":\"r.1\"}"
             "\n{\"seq\":2,\"index\":12,\"message\":\"m.2\",\"receipt\":"
             "\"r.2\"}\n");
}

BOOST_FIXTURE_TEST_CASE(a_receipt_that_is_kept_twice_in_a_row_stands_once,
                        fixture) {
  make();
  for (int i = 0; i < 2; ++i)
    folder.keep_receipt("m.1", "r.1", receipt(1));
  BOOST_TEST(folder.receipt_count() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_line_that_was_cut_off_is_written_over, fixture) {
  make();
  folder.keep_receipt("m.1", "r.1", receipt(1));
  const auto whole = receipts();
  folder.keep_receipt("m.2", "r.2", receipt(2));
  const auto both = receipts();
  for (auto cut = whole.size(); cut < both.size(); ++cut) {
    fs::resize_file(folder.receipts_path(), cut);
    BOOST_TEST(folder.receipt_count() == 1U);
    folder.keep_receipt("m.2", "r.2", receipt(2));
    BOOST_TEST(receipts() == both);
  }
  fs::resize_file(folder.receipts_path(), whole.size() / 2);
  folder.keep_receipt("m.1", "r.1", receipt(1));
  BOOST_TEST(receipts() == whole);
}

BOOST_FIXTURE_TEST_CASE(the_last_line_is_found_behind_many_long_ones, fixture) {
  make();
  const std::string message(crypto::wire_size_max, 'm');
  for (std::uint64_t i = 1; i <= 8; ++i)
    for (int twice = 0; twice < 2; ++twice)
      folder.keep_receipt(message, "r." + std::to_string(i), receipt(i));
  BOOST_TEST(folder.receipt_count() == 8U);
}

BOOST_FIXTURE_TEST_CASE(who_wants_the_lock_waits_for_it, fixture) {
  make();
  std::optional<storage::lock_file> first(folder.lock());
  std::atomic<bool> released{false};
  std::jthread releaser([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    released = true;
    first.reset();
  });
  const auto second = folder.lock();
  BOOST_TEST(released);
}

BOOST_AUTO_TEST_SUITE_END()
