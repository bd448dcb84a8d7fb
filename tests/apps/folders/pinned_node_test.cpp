// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/pinned_node.hpp"

#include "apps/terminal/command_context.hpp"
#include "tests/apps/ledgers.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

BOOST_AUTO_TEST_SUITE(pinned_node_test)

using namespace chancery;

namespace {

struct fixture {
  fixture() : path(ledger.folder.path() / "node.keys") {
    std::ofstream(path) << compact() << '\n';
  }

  std::string compact() const {
    return crypto::sign_jws(*ledger.signer, ledger.identity.signing,
                            crypto::keys_type,
                            crypto::to_json(ledger.keys(100)));
  }

  tests::small_ledger ledger{1};
  std::filesystem::path path;
};

} // namespace

BOOST_AUTO_TEST_CASE(an_id_is_taken_also_when_it_looked_like_an_option) {
  const auto id = "-" + std::string(41, 'x') + "A";
  BOOST_TEST(!apps::pinned_node(""));
  BOOST_TEST((apps::pinned_node(id) == crypto::key_id_from_text(id)));
  BOOST_TEST((apps::pinned_node("id:" + id) == crypto::key_id_from_text(id)));
  BOOST_CHECK_THROW(apps::pinned_node("me"), apps::usage_error);
}

BOOST_AUTO_TEST_CASE(another_node_than_the_pinned_one_is_refused) {
  const crypto::key_id one{1};
  const crypto::key_id two{2};
  apps::require_pinned(one, std::nullopt);
  apps::require_pinned(one, one);
  BOOST_CHECK_THROW(apps::require_pinned(one, two), std::runtime_error);
}

BOOST_FIXTURE_TEST_CASE(a_nodes_signed_keys_are_read_from_a_file, fixture) {
  const auto read = apps::read_keys_file(path, ledger.identity.id());
  BOOST_TEST((read.keys.signing == ledger.node()));
  BOOST_TEST(read.compact.find('\n') == std::string::npos);
  BOOST_CHECK_THROW(apps::read_keys_file(path, crypto::key_id{1}),
                    std::runtime_error);
}

BOOST_FIXTURE_TEST_CASE(a_file_that_holds_no_keys_is_named, fixture) {
  for (const auto& text : {std::string(), std::string("a.b.c"),
                           ledger.receipt_of("x", 0), compact() + "A"}) {
    std::ofstream(path) << text << '\n';
    try {
      apps::read_keys_file(path, std::nullopt);
      BOOST_ERROR(text + " was accepted");
    } catch (const std::runtime_error& e) {
      BOOST_TEST(std::string(e.what()).find(path.string()) !=
                 std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
