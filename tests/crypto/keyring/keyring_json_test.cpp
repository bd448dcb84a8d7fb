// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/keyring_json.hpp"

#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(keyring_json_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;
using nlohmann::json;

namespace {

keyring sample() {
  keyring keys(curve::p256, 3, replayed_random(3));
  keys.retire(keys.keys()[1].key.id());
  return keys;
}

json private_json() {
  const auto text = keyring_to_json(sample());
  return json::parse(text.begin(), text.end());
}

json public_json() {
  return json::parse(public_keyring_to_json(public_half(sample())));
}

using change = std::function<void(json&)>;

/// Checks that both texts are refused after the change, with `word` in the
/// error text.
void refused(const change& c, std::string_view word) {
  auto secret = private_json();
  auto open = public_json();
  c(secret);
  c(open);
  const auto said = complaint([&] { keyring_from_json(secret.dump()); });
  BOOST_TEST(contains(said, word), word << " <- " << said);
  const auto said_too =
      complaint([&] { public_keyring_from_json(open.dump()); });
  BOOST_TEST(contains(said_too, word), word << " <- " << said_too);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_keyring_comes_back_with_order_states_and_secret) {
  for (const auto c : {curve::p256, curve::p384}) {
    keyring keys(c, 4, system_random());
    keys.retire(keys.keys()[2].key.id());
    const auto again = keyring_from_json(keyring_to_json(keys));
    BOOST_TEST((again.curve() == c));
    BOOST_TEST(to_hex(again.lease_secret()) == to_hex(keys.lease_secret()));
    BOOST_REQUIRE(again.keys().size() == 4U);
    for (std::size_t i = 0; i < 4; ++i) {
      BOOST_TEST((again.keys()[i].state == keys.keys()[i].state));
      BOOST_TEST(to_hex(again.keys()[i].key.scalar()) ==
                 to_hex(keys.keys()[i].key.scalar()));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_members_are_those_that_are_documented) {
  const auto set = private_json();
  BOOST_TEST(set.size() == 3U);
  BOOST_TEST(set.at("chancery_format") == 2);
  BOOST_TEST(set.at("chancery_curve") == "P-256");
  BOOST_TEST(set.at("keys").size() == 4U);
  const auto& key = set.at("keys").at(1);
  BOOST_TEST(key.size() == 10U);
  BOOST_TEST(key.at("kid") == to_text(sample().keys()[1].key.id()));
  BOOST_TEST(key.at("chancery_state") == "retired");
  const auto& lease = set.at("keys").at(3);
  BOOST_TEST(lease.at("kty") == "oct");
  BOOST_TEST(lease.at("kid") == "lease-secret");
}

BOOST_AUTO_TEST_CASE(the_public_text_holds_no_secret) {
  const auto text = public_keyring_to_json(public_half(sample()));
  const auto set = private_json();
  for (const auto& jwk : set.at("keys"))
    for (const auto* member : {"d", "k"})
      if (jwk.contains(member))
        BOOST_TEST(!contains(text, jwk.at(member).get<std::string>()));
  BOOST_TEST(!contains(text, "oct"));
}

BOOST_AUTO_TEST_CASE(a_newer_format_is_told_apart_from_a_damaged_one) {
  auto set = private_json();
  set["chancery_format"] = 3;
  set.erase("keys"); // the newer format may differ in everything else
  BOOST_CHECK_THROW(keyring_from_json(set.dump()), newer_format);
  BOOST_CHECK_THROW(public_keyring_from_json(set.dump()), newer_format);
  for (const auto& number : {json(0), json(-1), json("1"), json(1.0), json()})
    refused([&](json& s) { s["chancery_format"] = number; },
            "not a keyring of this program");
  refused([](json& s) { s.erase("chancery_format"); }, "not a keyring");
  refused([](json& s) { s = json::array(); }, "not a keyring");
}

BOOST_AUTO_TEST_CASE(a_set_that_contradicts_itself_is_refused) {
  refused([](json& s) { s["keys"] = 7; }, "no list of keys");
  refused([](json& s) { s["chancery_curve"] = "P-384"; }, "two curves");
  refused([](json& s) { s["chancery_curve"] = "P-521"; }, "P-521");
  refused([](json& s) { s.erase("chancery_curve"); }, "chancery_curve");
  refused([](json& s) { s["keys"].push_back(s["keys"][0]); }, "twice");
  refused([](json& s) { s["keys"][0]["kid"] = s["keys"][1]["kid"]; },
          "thumbprint");
  refused([](json& s) { s["keys"][0].erase("kid"); }, "kid");
  refused([](json& s) { s["keys"][0]["chancery_state"] = "asleep"; },
          "neither active nor retired");
  refused([](json& s) { s["keys"][0].erase("chancery_state"); },
          "chancery_state");
  refused([](json& s) { s["keys"][0]["kty"] = "RSA"; }, "not an EC key");
  refused([](json& s) { s["keys"][0] = 7; }, "no string member");
}

BOOST_AUTO_TEST_CASE(a_keyring_keeps_its_purpose) {
  const keyring seals(curve::p256, 2, system_random(), keyring_purpose::seal);
  const auto text = keyring_to_json(seals);
  BOOST_TEST((keyring_from_json(text).purpose() == keyring_purpose::seal));
  const auto half =
      public_keyring_from_json(public_keyring_to_json(public_half(seals)));
  BOOST_TEST((half.purpose == keyring_purpose::seal));
  auto changed = seals;
  changed.add(private_key::generate(curve::p256, system_random()));
  changed.retire(seals.keys()[0].key.id());
  BOOST_TEST((changed.purpose() == keyring_purpose::seal));
  BOOST_TEST((sample().purpose() == keyring_purpose::raw));
}

BOOST_AUTO_TEST_CASE(an_older_keyring_is_raw) {
  auto set = private_json();
  set["chancery_format"] = 1;
  for (auto& jwk : set["keys"])
    jwk.erase("chancery_purpose");
  BOOST_TEST((keyring_from_json(set.dump()).purpose() == keyring_purpose::raw));
  // What an older format did not have is ignored, as other unknown members.
  set["keys"][0]["chancery_purpose"] = "seal";
  BOOST_TEST((keyring_from_json(set.dump()).purpose() == keyring_purpose::raw));
}

BOOST_AUTO_TEST_CASE(all_keys_have_one_purpose) {
  refused([](json& s) { s["keys"][0]["chancery_purpose"] = "seal"; },
          "two purposes");
  refused([](json& s) { s["keys"][0]["chancery_purpose"] = "both"; },
          "no purpose of a keyring");
  refused([](json& s) { s["keys"][1].erase("chancery_purpose"); },
          "chancery_purpose");
}

BOOST_AUTO_TEST_CASE(a_key_says_what_it_is_for) {
  const auto key = [](std::uint64_t seed) {
    return private_key::generate(curve::p256, replayed_random(seed));
  };
  const keyring keys(curve::p256,
                     {{key(1), key_state::active, key_purpose::encryption},
                      {key(2), key_state::retired, key_purpose::signing},
                      {key(3), key_state::retired, key_purpose::encryption}},
                     sample().lease_secret());
  const auto text = keyring_to_json(keys);
  const auto again = keyring_from_json(text);
  const auto half =
      public_keyring_from_json(public_keyring_to_json(public_half(keys)));
  const auto set = json::parse(text.begin(), text.end()).at("keys");
  for (std::size_t i = 0; i < 3; ++i) {
    const bool encrypts = i != 1;
    BOOST_TEST(set.at(i).at("use") == (encrypts ? "enc" : "sig"));
    BOOST_TEST(set.at(i).at("alg") == (encrypts ? "ECDH-ES" : "ES256"));
    BOOST_TEST((again.keys()[i].use == keys.keys()[i].use));
    BOOST_TEST((again.keys()[i].state == keys.keys()[i].state));
    BOOST_TEST((half.keys[i].use == keys.keys()[i].use));
    BOOST_TEST((half.keys[i].state == keys.keys()[i].state));
  }
}

BOOST_AUTO_TEST_CASE(an_algorithm_that_does_not_fit_the_use_is_refused) {
  const auto both = [](json& s, const char* use, const char* alg) {
    s["keys"][0]["use"] = use;
    s["keys"][0]["alg"] = alg;
  };
  for (const char* alg : {"ECDH-ES", "ES384", "HS256", "none", ""})
    refused([&](json& s) { both(s, "sig", alg); }, "does not fit its use");
  for (const char* alg : {"ES256", "ES384", "ECDH-ES+A256KW", ""})
    refused([&](json& s) { both(s, "enc", alg); }, "does not fit its use");
  for (const char* use : {"", "SIG", "sign", "encryption"})
    refused([&](json& s) { both(s, use, "ES256"); }, "neither for signing");
  refused([](json& s) { s["keys"][0].erase("use"); }, "use");
  refused([](json& s) { s["keys"][0].erase("alg"); }, "alg");
  refused([](json& s) { s["keys"][0]["use"] = 1; }, "use");
}

BOOST_AUTO_TEST_CASE(operations_that_do_not_permit_the_use_are_refused) {
  refused([](json& s) { s["keys"][0]["key_ops"] = {"wrapKey"}; },
          "other operations");
  refused([](json& s) { s["keys"][0]["key_ops"] = "sign"; }, "not a list");
  auto secret = private_json();
  for (auto& key : secret["keys"])
    key["key_ops"] = {"sign"};
  BOOST_CHECK_NO_THROW(keyring_from_json(secret.dump()));
  secret["keys"].back()["key_ops"] = {"encrypt"}; // the lease secret
  BOOST_CHECK_THROW(keyring_from_json(secret.dump()), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(there_is_exactly_one_lease_secret) {
  auto set = private_json();
  const auto secret = set["keys"].back();
  set["keys"].push_back(secret);
  BOOST_CHECK_THROW(keyring_from_json(set.dump()), std::invalid_argument);
  set["keys"].erase(4);
  set["keys"].erase(3);
  BOOST_CHECK_THROW(keyring_from_json(set.dump()), std::invalid_argument);
  for (const auto* text : {"", "AAAA", "not base64url!"}) {
    auto weak = private_json();
    weak["keys"][3]["k"] = text;
    BOOST_CHECK_THROW(keyring_from_json(weak.dump()), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(a_private_text_is_no_public_one_and_the_reverse) {
  BOOST_CHECK_THROW(public_keyring_from_json(private_json().dump()),
                    std::invalid_argument);
  BOOST_CHECK_THROW(keyring_from_json(public_json().dump()),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(unknown_members_are_ignored_as_rfc_7517_says) {
  auto set = public_json();
  set["more"] = 1;
  set["keys"][0]["more"] = json::array({1, 2});
  BOOST_TEST(public_keyring_from_json(set.dump()).keys.size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
