// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/keyring_bundle.hpp"

#include "crypto/jose/password_jwe.hpp"
#include "crypto/keyring/keyring_file.hpp"
#include "crypto/keyring/keyring_json.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(keyring_bundle_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

constexpr auto passphrase = "correct horse battery staple";

/// A bundle's text with any payload and few iterations.
std::string around(const std::string& payload,
                   std::string_view content_type = bundle_content_type) {
  return seal_under_passphrase(payload, passphrase, content_type,
                               system_random(), 1000);
}

/// The payload of a valid bundle of `keys`, for tests to change.
nlohmann::json payload_of(const keyring& keys) {
  const auto set = keyring_to_json(keys);
  return {{"chancery_bundle", 1},
          {"chancery_folder", "AAECAwQFBgcICQoLDA0ODw"},
          {"keyring", nlohmann::json::parse(set.begin(), set.end())}};
}

std::string refusal(const std::string& text) {
  return complaint([&] { open_bundle(text, passphrase); });
}

void refused(const std::string& text, std::string_view word) {
  const auto said = refusal(text);
  BOOST_TEST(contains(said, word), word << " <- " << said);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_bundle_holds_the_active_keys_the_secret_and_the_folder) {
  for (const auto c : {curve::p256, curve::p384}) {
    keyring keys(c, 3, system_random());
    keys.retire(keys.keys()[1].key.id());
    const auto folder = make_random_id(system_random());
    const auto text = seal_bundle(keys, folder, passphrase, system_random());
    const auto opened = open_bundle(text, passphrase);
    BOOST_TEST(to_hex(opened.folder) == to_hex(folder));
    BOOST_TEST((opened.keys.curve() == c));
    BOOST_TEST(to_hex(opened.keys.lease_secret()) ==
               to_hex(keys.lease_secret()));
    BOOST_REQUIRE_EQUAL(opened.keys.keys().size(), 2U);
    BOOST_TEST(to_hex(opened.keys.keys()[0].key.scalar()) ==
               to_hex(keys.keys()[0].key.scalar()));
    BOOST_TEST(to_hex(opened.keys.keys()[1].key.scalar()) ==
               to_hex(keys.keys()[2].key.scalar()));
    BOOST_TEST(open_bundle(text + "\n", passphrase).keys.keys().size() == 2U);
  }
}

BOOST_AUTO_TEST_CASE(coordinator_and_worker_compute_one_fingerprint) {
  keyring keys(curve::p256, 3, system_random());
  const auto all = worker_fingerprint(keys);
  BOOST_TEST(to_hex(all) == to_hex(fingerprint(public_half(keys))));
  keys.retire(keys.keys()[0].key.id());
  const auto text = seal_bundle(keys, {}, passphrase, system_random());
  const auto opened = open_bundle(text, passphrase).keys;
  BOOST_TEST(to_hex(worker_fingerprint(keys)) ==
             to_hex(worker_fingerprint(opened)));
  BOOST_TEST(to_hex(worker_fingerprint(keys)) ==
             to_hex(fingerprint(public_half(opened))));
  BOOST_TEST(to_hex(worker_fingerprint(keys)) != to_hex(all));
}

BOOST_AUTO_TEST_CASE(a_bundle_keeps_the_purpose) {
  const keyring seals(curve::p256, 2, system_random(), keyring_purpose::seal);
  const auto text = seal_bundle(seals, {}, passphrase, system_random());
  const auto opened = open_bundle(text, passphrase).keys;
  BOOST_TEST((opened.purpose() == keyring_purpose::seal));
  BOOST_TEST(to_hex(worker_fingerprint(seals)) ==
             to_hex(worker_fingerprint(opened)));
  // The same keys for the other purpose are another keyring.
  const keyring raw(curve::p256, seals.keys(), seals.lease_secret());
  BOOST_TEST(to_hex(fingerprint(public_half(raw))) !=
             to_hex(fingerprint(public_half(seals))));
}

BOOST_AUTO_TEST_CASE(a_wrong_passphrase_is_told_from_a_wrong_file) {
  const keyring keys(curve::p256, 1, system_random());
  const auto text = around(payload_of(keys).dump());
  BOOST_TEST(refusal(text) == "");
  BOOST_CHECK_THROW(open_bundle(text, "another"), wrong_passphrase);
  BOOST_CHECK_THROW(open_bundle(text.substr(0, text.size() - 1), passphrase),
                    std::invalid_argument);
  BOOST_CHECK_THROW(open_bundle("", passphrase), std::invalid_argument);
  BOOST_CHECK_THROW(seal_bundle(keys, {}, "", system_random()),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_keyring_is_no_bundle_and_says_so) {
  const keyring keys(curve::p256, 1, system_random());
  const auto json = keyring_to_json(keys);
  const std::string set(json.begin(), json.end());
  refused(around(set, keyring_content_type),
          "it is a keyring, not a keyring bundle");
  // Also if its content type is a bundle's.
  refused(around(set), "not a keyring bundle");
}

BOOST_AUTO_TEST_CASE(a_bundle_is_no_keyring_and_says_so) {
  const keyring keys(curve::p256, 1, system_random());
  const temp_folder folder;
  const keyring_path path{folder.path()};
  save_keyring(path, keys, passphrase, system_random());
  write_file(path.private_file(), around(payload_of(keys).dump()));
  const auto said = complaint([&] { open_keyring(path, passphrase, false); });
  BOOST_TEST(contains(said, "chancery worker --keyring"), said);
  BOOST_TEST(contains(said, path.private_file().string()), said);
  write_file(path.private_file(),
             around(payload_of(keys).dump(), keyring_content_type));
  const auto renamed =
      complaint([&] { open_keyring(path, passphrase, false); });
  BOOST_TEST(contains(renamed, "not a keyring of this program"), renamed);
}

BOOST_AUTO_TEST_CASE(only_the_payload_that_we_write_is_read) {
  keyring keys(curve::p256, 2, system_random());
  const auto changed = [&](auto change) {
    auto payload = payload_of(keys);
    change(payload);
    return around(payload.dump());
  };
  refused(changed([](auto& p) { p["chancery_bundle"] = 2; }), "newer version");
  BOOST_CHECK_THROW(
      open_bundle(changed([](auto& p) { p["chancery_bundle"] = 2; }),
                  passphrase),
      newer_format);
  for (const auto& wrong :
       {nlohmann::json(), nlohmann::json(0), nlohmann::json(-1),
        nlohmann::json("1"), nlohmann::json(1.5)})
    refused(changed([&](auto& p) { p["chancery_bundle"] = wrong; }),
            "not a keyring bundle");
  refused(changed([](auto& p) { p["chancery_folder"] = "AAEC"; }), "malformed");
  refused(changed([](auto& p) { p["chancery_folder"] = 1; }), "malformed");
  refused(changed([](auto& p) { p.erase("chancery_folder"); }),
          "id of its data folder is malformed");
  refused(changed([](auto& p) { p.erase("keyring"); }), "no member 'keyring'");
  refused(changed([](auto& p) { p["keyring"] = 1; }), "not a keyring");
  BOOST_TEST(!refusal(changed([](auto& p) {
                p["keyring"]["keys"][0]["d"] = "AA";
              })).empty());
  refused(around("[]"), "not a keyring bundle");
  refused(around("{}"), "not a keyring bundle");
  keys.retire(keys.keys()[0].key.id());
  refused(around(payload_of(keys).dump()), "retired");
}

BOOST_AUTO_TEST_CASE(what_signs_no_records_is_not_bundled) {
  const auto key = private_key::generate(curve::p256, system_random());
  const std::vector<std::byte> secret(32);
  const keyring node(
      curve::p256, {{key, key_state::active, key_purpose::encryption}}, secret);
  const auto bundle = [](const keyring& keys) {
    return complaint(
        [&] { seal_bundle(keys, {}, passphrase, system_random()); });
  };
  BOOST_TEST(contains(bundle(node), "ledger node's"));
  BOOST_CHECK_THROW(worker_fingerprint(node), std::invalid_argument);
  keyring retired(curve::p256, 1, system_random());
  retired.retire(retired.keys()[0].key.id());
  BOOST_TEST(contains(bundle(retired), "no active key"));
}

BOOST_AUTO_TEST_SUITE_END()
