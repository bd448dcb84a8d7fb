// SPDX-License-Identifier: Apache-2.0
#include "crypto/ledger/message_opener.hpp"

#include "crypto/base/hash.hpp"
#include "tests/crypto/fixture.hpp"
#include "tests/crypto/message_cases.hpp"
#include "tests/crypto/message_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(message_opener_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

// Written by the npm package jose 5.10.0: signed under the key of RFC 7515 A.3
// and encrypted to Bob's key of RFC 7518, for a node whose id is also Bob's.
constexpr auto by_jose =
    "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImtpZCI6IlZ5NTdYckFyVXJXME5ic"
    "EkxMnRFekRIQUJ4TXdyVGg2SEhYUmVuU3BuQ28iLCJjdHkiOiJjaGFuY2VyeS1tZXNzYWdlK2"
    "p3cyIsImVwayI6eyJ4IjoiT3ppUWF1S3FwYTdQcUxxTFdtSnJzOUNRMEJLLVg2Q2JhWjJTQjV"
    "1THVmYyIsImNydiI6IlAtMjU2Iiwia3R5IjoiRUMiLCJ5IjoiRkhaNm5qZ0kzbjBYRWRjcW5M"
    "a0ZRNXV0b2lDLUhZQjlsaTBRa3R4X1VhbyJ9fQ..Lm3ZSwBGwqiYHxOd.dXUYxlj3OsizlwE_"
    "DspPh1ls60Dt7cIxN_vjlvI-lKdeQknO1WBp4jexwX_qPIwCBSLKeE6DykVpEB7MqYmmcdPWF"
    "2sfheycovYyGOsShJ2OFBQxCgxduAnAX3lpwKAcZdfw94bs7lytKttO8ATRn58gf8z7B1NZ--"
    "6J6lXinABtXbrEKuRPqA0O2kRfK15TK03-IdBci2no6ernHM8til8rKGOhcPIvTiL5oR02jQ3"
    "a7USXsfTn9YWbtYj1q8MDckktkA_Db_R4FzF8fjaz_LLWcx90x9BYdvub09f5muC9Z-7ldYXq"
    "HVOdOoyrEnzAX-3Mi8f7enQx2I8LZcg73-qIinS8pUH_Bmy3PGxVFJCkxncfMk5okdzna5zr5"
    "U8je0Ny-fTzTHjRv0FWpARXyynmgK1q947wnDej_IJJMDKEXdLV_4R3MvY7_agYqD5dtC3fpE"
    "YBNXR-Npn0LXZ_f4I61Z8wuP1Tso9xlcymLK7SalnHbdEA9N4Kz3GgAgO9cC9bWa0PFAyl7Vt"
    "2jKRoEz-m9fNqtJxYtmWH79jtrLWqhzUpPRYpwHbIbGmYjunUbpLf_x1AQ9afTlcGZLqMEcmP"
    "6qEJ9wk.FeqXz5P42o6eX6WdsJ5bSg";

/// The node and the client of message_fixture.hpp, and an attacker, Eve.
struct ledger {
  private_key client = rfc7515_key();
  private_key node = rfc7518_alice();
  private_key encryption = rfc7518_bob();
  private_key eve = private_key::generate(curve::p256, replayed_random(1));
  message_opener opener{node.id(), encryption, single_signatures};
  std::unique_ptr<batch_signer> signer =
      make_batch_signer(provider::openssl, curve::p256, system_random());

  std::string seal(const std::string& compact) const {
    return seal_jwe(compact, encryption.public_half(), message_type);
  }

  std::string signed_by(const private_key& key, const std::string& payload,
                        std::string_view typ = message_type) const {
    return sign_jws(*signer, key, typ, payload);
  }

  /// A JWS that names `kid` and is signed under `key`.
  std::string signed_as(const key_id& kid, const private_key& key,
                        const std::string& payload, std::string_view typ,
                        const public_key* jwk = nullptr) const {
    auto input = jws_signing_input(typ, kid, payload, jwk);
    const auto digest = sha256(bytes(input));
    const key_run run{&key, 1};
    std::array<std::byte, 64> signature;
    signer->sign_batch({&run, 1}, std::as_bytes(std::span(digest)), signature);
    return compact_jws(std::move(input), signature);
  }

  std::string_view code(const std::string& jwe) {
    return code_of([&] { (void)opener.open(jwe); });
  }

  std::string_view registering(const std::string& compact) {
    return code_of([&] { (void)opener.open_registration(compact); });
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(a_message_is_opened_and_then_verified, ledger) {
  const auto compact = signed_by(client, to_json(some_message()));
  const auto opened = opener.open(seal(compact));
  BOOST_TEST(opened.compact == compact);
  BOOST_TEST((opened.content.client == client.id()));
  BOOST_TEST(opened.content.sequence == 1U);
  BOOST_TEST(opened.content.body == some_message().body);
  BOOST_CHECK_NO_THROW(opener.verify(opened, client.public_half()));
}

BOOST_FIXTURE_TEST_CASE(many_are_opened_as_one_by_one, ledger) {
  std::vector<std::string> jwes;
  for (int i = 0; i < 12; ++i)
    jwes.push_back(seal(signed_by(client, to_json(some_message()))));
  jwes[1] = std::string(wire_size_max + 1, 'x');
  jwes[2] = "no jwe";
  jwes[3] = seal("no jws");
  jwes[5] = seal(signed_by(client, "{}"));
  jwes[7] = seal(signed_by(eve, to_json(some_message())));
  jwes[11] = by_jose;
  const std::vector<std::string_view> texts(jwes.begin(), jwes.end());
  for (const auto p : {provider::openssl, provider::batch}) {
    message_opener many(node.id(), encryption, p);
    const auto all = many.open_all(texts);
    BOOST_REQUIRE(all.size() == texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto* refusal = std::get_if<refused>(&all[i]);
      BOOST_TEST((refusal ? to_text(refusal->code()) : "accepted") ==
                 code(jwes[i]));
      if (refusal == nullptr)
        BOOST_CHECK_NO_THROW(many.verify(std::get<opened_message>(all[i]),
                                         client.public_half()));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(what_another_implementation_sends_is_accepted, ledger) {
  message_opener other(encryption.id(), encryption, single_signatures);
  const auto opened = other.open(by_jose);
  BOOST_TEST(opened.content.sequence == 7U);
  BOOST_TEST(opened.content.body == R"({"hello":"ledger"})");
  BOOST_CHECK_NO_THROW(other.verify(opened, client.public_half()));
  BOOST_TEST(code(by_jose) == "wrong_node");
}

BOOST_FIXTURE_TEST_CASE(either_providers_signature_verifies, ledger) {
  for (const auto p : {provider::openssl, provider::botan}) {
    signer = make_batch_signer(p, curve::p256, system_random());
    const auto opened =
        opener.open(seal(signed_by(client, to_json(some_message()))));
    BOOST_CHECK_NO_THROW(opener.verify(opened, client.public_half()));
  }
}

BOOST_FIXTURE_TEST_CASE(the_largest_message_fits_the_wire, ledger) {
  auto m = some_message();
  m.body = "\"\"";
  m.body = "\"" + std::string(payload_size_max - to_json(m).size(), 'x') + "\"";
  m.sequence = sequence_max;
  m.body.erase(1, 15); // the sequence number now has 15 more digits
  const auto payload = to_json(m);
  BOOST_TEST(payload.size() == payload_size_max);
  const auto jwe = seal(signed_by(client, payload));
  BOOST_TEST(jwe.size() <= wire_size_max);
  BOOST_TEST(code(jwe) == "accepted");
}

BOOST_FIXTURE_TEST_CASE(a_text_over_its_limit_is_refused_unread, ledger) {
  const std::string huge(wire_size_max + 1, '.');
  BOOST_TEST(code(huge) == "too_large");
  BOOST_TEST(registering(huge) == "too_large");
  const std::string full(wire_size_max, '.');
  BOOST_TEST(code(full) == "not_encrypted_to_me");
  BOOST_TEST(registering(full) == "not_signed");
}

BOOST_FIXTURE_TEST_CASE(a_payload_over_its_limit_is_too_large, ledger) {
  const auto payload = to_json(some_message());
  BOOST_TEST(code(seal(signed_by(
                 client, payload + std::string(payload_size_max, ' ')))) ==
             "too_large");
}

BOOST_FIXTURE_TEST_CASE(what_is_not_encrypted_to_the_node_is_refused, ledger) {
  const auto compact = signed_by(client, to_json(some_message()));
  BOOST_TEST(code(compact) == "not_encrypted_to_me");
  BOOST_TEST(code("") == "not_encrypted_to_me");
  BOOST_TEST(code("{}") == "not_encrypted_to_me");
  for (const auto& key : {node, eve, client})
    BOOST_TEST(code(seal_jwe(compact, key.public_half(), message_type)) ==
               "not_encrypted_to_me");
  BOOST_TEST(code(seal_jwe(compact, encryption.public_half(),
                           registration_type)) == "not_encrypted_to_me");
}

BOOST_FIXTURE_TEST_CASE(what_is_not_a_signed_message_is_refused, ledger) {
  const auto payload = to_json(some_message());
  const auto compact = signed_by(client, payload);
  for (const auto& inside :
       {std::string(), payload, compact + ".", seal(compact),
        compact.substr(0, compact.rfind('.') + 1),
        encode(R"({"alg":"none"})") + "." + encode(payload) + ".",
        signed_by(client, payload, receipt_type),
        signed_by(client, payload, keys_type),
        sign_jws(*signer, client, registration_type, payload, true),
        sign_jws(*signer, client, message_type, payload, true)})
    BOOST_TEST(code(seal(inside)) == "not_signed", inside);
}

BOOST_FIXTURE_TEST_CASE(every_malformed_payload_is_refused, ledger) {
  for (const auto& bad : bad_messages())
    if (!bad.text.empty()) // a JWS must have a payload
      BOOST_TEST(code(seal(signed_by(client, bad.text))) == "bad_schema",
                 bad.what);
}

BOOST_FIXTURE_TEST_CASE(a_message_for_another_node_is_refused, ledger) {
  auto m = some_message();
  for (const auto& other : {encryption.id(), client.id(), key_id{}}) {
    m.node = other;
    BOOST_TEST(code(seal(signed_by(client, to_json(m)))) == "wrong_node");
  }
}

BOOST_FIXTURE_TEST_CASE(a_message_in_anothers_name_is_refused, ledger) {
  // Eve signs under her own kid, but the payload names the client.
  const auto payload = to_json(some_message());
  BOOST_TEST(code(seal(signed_by(eve, payload))) == "not_the_sender");
  // Under the client's kid, her signature does not verify.
  const auto opened =
      opener.open(seal(signed_as(client.id(), eve, payload, message_type)));
  BOOST_TEST(code_of([&] { opener.verify(opened, client.public_half()); }) ==
             "bad_signature");
  // Her key is not accepted instead of the client's.
  BOOST_TEST(code_of([&] { opener.verify(opened, eve.public_half()); }) ==
             "not_the_sender");
  // A kid that is not an id is no client's.
  const auto header =
      encode(R"({"alg":"ES256","kid":"x","typ":"chancery-message+jws"})");
  BOOST_TEST(code(seal(header + "." + encode(payload) + "." +
                       std::string(86, 'A'))) == "not_the_sender");
}

BOOST_FIXTURE_TEST_CASE(every_changed_character_of_a_signed_text_is_noticed,
                        ledger) {
  const auto compact = signed_by(client, to_json(some_message()));
  for (std::size_t i = 0; i < compact.size(); ++i) {
    auto changed = compact;
    changed[i] = changed[i] == 'A' ? 'E' : 'A';
    const auto verdict = code_of([&] {
      opener.verify(opener.open(seal(changed)), client.public_half());
    });
    BOOST_REQUIRE(verdict != "accepted");
  }
}

BOOST_FIXTURE_TEST_CASE(the_first_fault_in_order_decides, ledger) {
  // Each text has its own fault and nearly all faults of the texts below it.
  auto m = some_message();
  m.node = eve.id();
  const auto wrong_node_and_sender = to_json(m);
  const auto no_json = wrong_node_and_sender + "}";
  const auto long_and_no_json = no_json + std::string(payload_size_max, ' ');
  const auto not_signed = [&](const std::string& payload) {
    return signed_by(eve, payload, receipt_type);
  };
  BOOST_TEST(code(std::string(wire_size_max + 1, 'x')) == "too_large");
  BOOST_TEST(code(seal_jwe(not_signed(long_and_no_json), eve.public_half(),
                           message_type)) == "not_encrypted_to_me");
  BOOST_TEST(code(seal(not_signed(no_json))) == "not_signed");
  BOOST_TEST(code(seal(signed_by(
                 eve, no_json.substr(0, no_json.size() - 1) +
                          std::string(payload_size_max, ' ')))) == "too_large");
  BOOST_TEST(code(seal(signed_by(eve, no_json))) == "bad_schema");
  BOOST_TEST(code(seal(signed_by(eve, wrong_node_and_sender))) == "wrong_node");
  BOOST_TEST(code(seal(signed_by(eve, to_json(some_message())))) ==
             "not_the_sender");
}

BOOST_FIXTURE_TEST_CASE(a_registration_proves_that_the_client_has_its_key,
                        ledger) {
  const auto opened = opener.open_registration(sign_jws(
      *signer, client, registration_type, to_json(some_registration()), true));
  BOOST_TEST((opened.key == client.public_half()));
  BOOST_TEST((opened.content.client == client.id()));
}

BOOST_FIXTURE_TEST_CASE(a_registration_of_anothers_key_is_refused, ledger) {
  const auto payload = to_json(some_registration());
  const auto& theirs = client.public_half();
  const auto& hers = eve.public_half();
  const auto made = [&](const key_id& kid, const public_key& jwk) {
    return registering(signed_as(kid, eve, payload, registration_type, &jwk));
  };
  BOOST_TEST(made(client.id(), theirs) == "bad_signature");
  BOOST_TEST(made(client.id(), hers) == "not_the_sender");
  BOOST_TEST(made(eve.id(), theirs) == "not_the_sender");
  BOOST_TEST(made(eve.id(), hers) == "not_the_sender");
}

BOOST_FIXTURE_TEST_CASE(the_nodes_own_keys_do_not_register, ledger) {
  for (const auto& own : {node, encryption}) {
    auto r = some_registration();
    r.client = own.id();
    BOOST_TEST(registering(sign_jws(*signer, own, registration_type, to_json(r),
                                    true)) == "not_the_sender");
  }
}

BOOST_FIXTURE_TEST_CASE(a_malformed_registration_is_refused, ledger) {
  const auto payload = to_json(some_registration());
  auto elsewhere = some_registration();
  elsewhere.node = eve.id();
  const auto sign = [&](const std::string& text) {
    return sign_jws(*signer, client, registration_type, text, true);
  };
  BOOST_TEST(registering(sign(to_json(elsewhere))) == "wrong_node");
  for (const auto& text :
       {std::string(), payload, signed_by(client, payload),
        signed_by(client, payload, registration_type), seal(sign(payload)),
        sign(payload) + ".",
        sign_jws(*signer, client, message_type, payload, true)})
    BOOST_TEST(registering(text) == "not_signed", text);
  for (const auto& bad : bad_registrations())
    if (!bad.text.empty())
      BOOST_TEST(registering(sign(bad.text)) == "bad_schema", bad.what);
}

BOOST_FIXTURE_TEST_CASE(an_opener_goes_on_after_any_refusal, ledger) {
  const auto good = seal(signed_by(client, to_json(some_message())));
  for (const auto& bad :
       {std::string(wire_size_max + 1, 'x'), std::string("x"),
        seal("not signed"), seal(signed_by(client, "{}")), by_jose + good}) {
    BOOST_TEST(code(bad) != "accepted");
    const auto opened = opener.open(good);
    BOOST_CHECK_NO_THROW(opener.verify(opened, client.public_half()));
  }
}

BOOST_AUTO_TEST_SUITE_END()
