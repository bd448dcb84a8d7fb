// SPDX-License-Identifier: Apache-2.0
#include "crypto/ledger/node_identity.hpp"

#include "crypto/keyring/keyring_file.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(node_identity_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

constexpr std::string_view passphrase = "of the node";

private_key fresh(curve c = curve::p256) {
  return private_key::generate(c, system_random());
}

/// A keyring with these keys, and whether both functions refuse it.
struct reading {
  explicit reading(std::vector<keyring_key> entries, curve c = curve::p256)
      : keys(c, std::move(entries),
             keyring(c, 1, system_random()).lease_secret()) {}

  /// Whether both refuse it with the same text, which has `word` in it.
  bool refused(std::string_view word) const {
    const auto said = complaint([&] { (void)node_identity_from(keys); });
    const auto said_too =
        complaint([&] { (void)public_node_keys(public_half(keys), 100); });
    return contains(said, word) && said == said_too;
  }

  keyring keys;
};

constexpr auto active = key_state::active;
constexpr auto retired = key_state::retired;
constexpr auto signing = key_purpose::signing;
constexpr auto encryption = key_purpose::encryption;

} // namespace

BOOST_AUTO_TEST_CASE(a_node_has_two_different_keys_on_p256) {
  const auto node = make_node_identity(system_random());
  BOOST_TEST((node.signing.curve() == curve::p256));
  BOOST_TEST((node.encryption.curve() == curve::p256));
  BOOST_TEST(to_hex(node.signing.scalar()) != to_hex(node.encryption.scalar()));
  BOOST_TEST((node.id() == node.signing.id()));
  BOOST_TEST((node.id() != make_node_identity(system_random()).id()));
}

BOOST_AUTO_TEST_CASE(a_node_comes_back_from_its_files) {
  const temp_folder disk;
  const keyring_path path{disk.path(), "node"};
  const auto node = make_node_identity(system_random());
  save_keyring(path, to_keyring(node, system_random()), passphrase,
               system_random());
  const auto opened = open_keyring(path, passphrase, false);
  BOOST_TEST(opened.warnings.empty());
  const auto again = node_identity_from(opened.keys);
  BOOST_TEST(to_hex(again.signing.scalar()) == to_hex(node.signing.scalar()));
  BOOST_TEST(to_hex(again.encryption.scalar()) ==
             to_hex(node.encryption.scalar()));
  const auto open = public_node_keys(read_public_keyring(path), 250);
  BOOST_TEST((open.signing == node.signing.public_half()));
  BOOST_TEST((open.encryption == node.encryption.public_half()));
  BOOST_TEST(open.block_size == 250u);
}

BOOST_AUTO_TEST_CASE(the_lease_secret_is_a_fresh_one) {
  const auto node = make_node_identity(system_random());
  const auto first = to_keyring(node, system_random());
  const auto second = to_keyring(node, system_random());
  BOOST_TEST(first.lease_secret().size() == 32u);
  BOOST_TEST(to_hex(first.lease_secret()) != to_hex(second.lease_secret()));
}

BOOST_AUTO_TEST_CASE(a_nodes_keys_sign_no_records) {
  const auto node = make_node_identity(system_random());
  BOOST_CHECK_THROW((void)record_keys(to_keyring(node, system_random())),
                    std::invalid_argument);
}

// A key's use identifies it, not its place.
BOOST_AUTO_TEST_CASE(the_order_of_the_keys_does_not_matter) {
  const auto node = make_node_identity(system_random());
  const reading swapped(
      {{node.encryption, active, encryption}, {node.signing, active, signing}});
  BOOST_TEST((node_identity_from(swapped.keys).id() == node.id()));
  BOOST_TEST((public_node_keys(public_half(swapped.keys), 1).encryption ==
              node.encryption.public_half()));
}

// The same two keys with swapped uses are another node.
BOOST_AUTO_TEST_CASE(swapped_uses_are_another_identity) {
  const auto node = make_node_identity(system_random());
  const reading swapped(
      {{node.signing, active, encryption}, {node.encryption, active, signing}});
  BOOST_TEST((node_identity_from(swapped.keys).id() == node.encryption.id()));
  BOOST_TEST((node_identity_from(swapped.keys).id() != node.id()));
}

BOOST_AUTO_TEST_CASE(a_missing_key_is_refused) {
  BOOST_TEST(reading({{fresh()}}).refused("no encryption key"));
  BOOST_TEST(
      reading({{fresh(), active, encryption}}).refused("no signing key"));
  BOOST_TEST(reading({}).refused("no signing key"));
  BOOST_TEST(reading({{fresh(), retired}, {fresh(), active, encryption}})
                 .refused("no signing key"));
  BOOST_TEST(reading({{fresh()}, {fresh(), retired, encryption}})
                 .refused("no encryption key"));
}

BOOST_AUTO_TEST_CASE(a_key_too_many_is_refused) {
  BOOST_TEST(reading({{fresh()}, {fresh()}, {fresh(), active, encryption}})
                 .refused("two signing keys"));
  BOOST_TEST(reading({{fresh()},
                      {fresh(), active, encryption},
                      {fresh(), active, encryption}})
                 .refused("two encryption keys"));
}

BOOST_AUTO_TEST_CASE(a_keyring_for_records_is_no_node) {
  const keyring keys(curve::p256, 2, system_random());
  BOOST_CHECK_THROW((void)node_identity_from(keys), std::runtime_error);
  BOOST_CHECK_THROW((void)public_node_keys(public_half(keys), 100),
                    std::runtime_error);
}

BOOST_AUTO_TEST_CASE(another_curve_is_refused) {
  const reading large({{fresh(curve::p384), active, signing},
                       {fresh(curve::p384), active, encryption}},
                      curve::p384);
  BOOST_TEST(large.refused("not on P-256"));
}

// A change to the clear file alone is noticed when the keyring is opened.
BOOST_AUTO_TEST_CASE(a_public_file_with_swapped_uses_is_repaired) {
  const temp_folder disk;
  const keyring_path path{disk.path(), "node"};
  const auto node = make_node_identity(system_random());
  save_keyring(path, to_keyring(node, system_random()), passphrase,
               system_random());
  auto set = nlohmann::json::parse(read_text(path.public_file()));
  std::swap(set["keys"][0]["use"], set["keys"][1]["use"]);
  std::swap(set["keys"][0]["alg"], set["keys"][1]["alg"]);
  write_file(path.public_file(), set.dump());
  BOOST_TEST((public_node_keys(read_public_keyring(path), 1).signing.id() ==
              node.encryption.id()));
  BOOST_TEST(open_keyring(path, passphrase, true).warnings.size() == 1u);
  BOOST_TEST((public_node_keys(read_public_keyring(path), 1).signing.id() ==
              node.id()));
}

// Botan's nonces are those of RFC 6979, libcrypto's are random.
BOOST_AUTO_TEST_CASE(a_nodes_keys_are_signed_by_the_given_provider) {
  const auto node = make_node_identity(system_random());
  BOOST_TEST(sign_node_keys(node, 100, provider::botan) ==
             sign_node_keys(node, 100, provider::botan));
  BOOST_TEST(sign_node_keys(node, 100, provider::openssl) !=
             sign_node_keys(node, 100, provider::openssl));
}

BOOST_AUTO_TEST_SUITE_END()
