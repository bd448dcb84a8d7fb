// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/attacks.hpp"

#include "apps/simulation/attacker.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/jose/jwe.hpp"
#include "crypto/ledger/message.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace chancery::apps {

namespace {

using crypto::refusal;

crypto::private_key fresh_key() {
  return crypto::private_key::generate(crypto::curve::p256,
                                       crypto::system_random());
}

std::string replaced(std::string text, std::string_view what,
                     std::string_view with) {
  return text.replace(text.find(what), what.size(), with);
}

/// A JWE with one more header member, which its tag does not cover.
std::string with_header_member(const std::string& jwe,
                               std::string_view member) {
  const auto end = jwe.find('.');
  auto header = crypto::base64url_decode(jwe.substr(0, end)).value();
  header.insert(1, member);
  return crypto::base64url_encode(crypto::bytes_of(header)) + jwe.substr(end);
}

std::string with_other_character(std::string text, std::size_t at) {
  text[at] = text[at] == 'A' ? 'B' : 'A';
  return text;
}

/// Lines that are not encrypted to this node as a message must be.
void add_envelopes(std::vector<attack>& all, const attacker& a) {
  const auto code = refusal::not_encrypted_to_me;
  const auto jws = a.message(a.payload(1));
  const auto jwe = a.sealed(jws);
  const auto other = fresh_key().public_half();
  all.push_back({"an empty line", "", code});
  all.push_back({"garbage", "this is no message", code});
  all.push_back({"dots only", "....", code});
  all.push_back({"a signed message that is not encrypted", jws, code});
  all.push_back({"half a message", jwe.substr(0, jwe.size() / 2), code});
  all.push_back({"a message over the size limit",
                 std::string(crypto::wire_size_max + 1, 'A'),
                 refusal::too_large});
  all.push_back({"encrypted to another key",
                 crypto::seal_jwe(jws, other, crypto::message_type), code});
  auto foreign = crypto::seal_jwe(jws, other, crypto::message_type);
  const auto end = foreign.find('.');
  const auto header = crypto::base64url_decode(foreign.substr(0, end)).value();
  foreign = crypto::base64url_encode(crypto::bytes_of(
                replaced(header, crypto::to_text(other.id()),
                         crypto::to_text(a.node().encryption.id())))) +
            foreign.substr(end);
  all.push_back(
      {"encrypted to another key under the node's kid", foreign, code});
  all.push_back({"another content type in the JWE",
                 crypto::seal_jwe(jws, a.node().encryption, "text/plain"),
                 code});
  all.push_back({"a changed ciphertext",
                 with_other_character(jwe, jwe.rfind('.') - 10), code});
  all.push_back(
      {"a changed tag", with_other_character(jwe, jwe.size() - 10), code});
  all.push_back({"crit in the JWE's header",
                 with_header_member(jwe, R"("crit":["exp"],"exp":1,)"), code});
  all.push_back({"zip in the JWE's header",
                 with_header_member(jwe, R"("zip":"DEF",)"), code});
}

/// Lines whose content is not signed as a message must be.
void add_unsigned(std::vector<attack>& all, const attacker& a) {
  const auto code = refusal::not_signed;
  const auto payload = a.payload(1);
  const auto add = [&](const char* name, const std::string& jws) {
    all.push_back({name, a.sealed(jws), code});
  };
  const auto with = [&](std::string_view what, std::string_view instead) {
    return a.signed_text(replaced(a.header(), what, instead), payload);
  };
  all.push_back({"an unencrypted JWS that is not a registration",
                 with(crypto::message_type, crypto::receipt_type), code});
  add("JSON that is not signed", payload);
  const auto unsigned_jws = with("ES256", "none");
  add("alg none, without a signature",
      unsigned_jws.substr(0, unsigned_jws.rfind('.') + 1));
  add("alg none, with a signature", unsigned_jws);
  add("alg HS256", with("ES256", "HS256"));
  add("alg ES384", with("ES256", "ES384"));
  add("crit in the JWS's header", with("{", R"({"crit":["exp"],"exp":1,)"));
  add("an unknown member in the JWS's header",
      with("{", R"({"x5u":"https://a.b/",)"));
  add("a JWS of another type",
      with(crypto::message_type, crypto::receipt_type));
  add("a signature of 63 bytes",
      a.message(payload).substr(0, a.message(payload).size() - 2));
}

/// Validly signed messages that break the schema.
void add_broken_schema(std::vector<attack>& all, const attacker& a) {
  const auto add = [&](const char* name, const std::string& payload) {
    all.push_back({name, a.sealed(a.message(payload)), refusal::bad_schema});
  };
  const auto good = a.payload(1);
  add("a payload that is not JSON", "seq=1");
  add("a payload that is a list", "[" + good + "]");
  add("a member that is not in the schema", a.payload("1", R"("note":"x",)"));
  add("a member twice", a.payload("1", R"("seq":1,)"));
  add("a missing member", replaced(good, R"("seq":1,)", ""));
  add("no body", replaced(good, R"(,"body":{})", ""));
  add("another version", replaced(good, R"("v":1)", R"("v":2)"));
  add("sequence 0", a.payload("0"));
  add("sequence -1", a.payload("-1"));
  add("sequence 1.5", a.payload("1.5"));
  add("sequence 2^53", a.payload("9007199254740992"));
  add("sequence 2^64 + 1", a.payload("18446744073709551617"));
  add("a sequence that is a string", a.payload(R"("1")"));
  add("text that is not UTF-8", a.payload("1", "", "\"\xff\""));
  add("a time without a zone", replaced(good, "00:00Z", "00:00"));
  add("a day that does not exist", replaced(good, "01-01T", "02-30T"));
  add("a malformed client id", replaced(good, crypto::to_text(a.id()), "me"));
  add("nesting a thousand deep",
      a.payload("1", "", std::string(1000, '[') + std::string(1000, ']')));
  all.push_back(
      {"a payload over the size limit",
       a.sealed(a.message(a.payload(
           "1", "", '"' + std::string(crypto::payload_size_max, 'x') + '"'))),
       refusal::too_large});
}

/// Well-formed messages from the wrong client or to the wrong node. `known` and
/// `other` are registered, `unknown` is not.
void add_wrong_people(std::vector<attack>& all, const attacker& known,
                      const attacker& other, const attacker& unknown) {
  const auto elsewhere = fresh_key().id();
  all.push_back(
      {"a message to another node",
       known.sealed(known.message(replaced(
           known.payload(1), crypto::to_text(known.node().signing.id()),
           crypto::to_text(elsewhere)))),
       refusal::wrong_node});
  all.push_back(
      {"the kid of another client",
       known.sealed(known.signed_text(other.header(), known.payload(1))),
       refusal::not_the_sender});
  all.push_back({"another client's id under the sender's kid",
                 known.sealed(known.message(other.payload(1))),
                 refusal::not_the_sender});
  all.push_back({"signed by another key",
                 known.sealed(known.signed_text(known.header(),
                                                known.payload(1), other.key())),
                 refusal::bad_signature});
  all.push_back(
      {"a payload changed after signing",
       known.sealed(replaced(
           known.message(known.payload(1)),
           crypto::base64url_encode(crypto::bytes_of(known.payload(1))),
           crypto::base64url_encode(crypto::bytes_of(known.payload(2))))),
       refusal::bad_signature});
  all.push_back({"a client that is not registered",
                 unknown.sealed(unknown.message(unknown.payload(1))),
                 refusal::unknown_client});
}

void add_registrations(std::vector<attack>& all, const attacker& a) {
  const auto own = a.node().signing.id();
  const auto parts =
      crypto::parse_signed(a.registration(own), crypto::registration_type);
  const auto header =
      crypto::base64url_decode(
          parts.signing_input.substr(0, parts.signing_input.find('.')))
          .value();
  const attacker other(a.node());
  all.push_back({"a registration signed by another key",
                 a.signed_text(header, parts.payload, other.key()),
                 refusal::bad_signature});
  all.push_back({"a registration at another node",
                 a.registration(fresh_key().id()), refusal::wrong_node});
  all.push_back(
      {"a registration of another client's id",
       a.signed_text(header, replaced(parts.payload, crypto::to_text(a.id()),
                                      crypto::to_text(other.id()))),
       refusal::not_the_sender});
  all.push_back({"a registration without its key",
                 a.signed_text(replaced(a.header(), crypto::message_type,
                                        crypto::registration_type),
                               parts.payload),
                 refusal::not_signed});
  all.push_back(
      {"a registration of alg none",
       a.signed_text(replaced(header, "ES256", "none"), parts.payload),
       refusal::not_signed});
}

std::string what_came(const actors::ledger_answer& answer) {
  if (answer.refused)
    return std::string(crypto::to_text(*answer.refused));
  return answer.registered.empty() ? "receipt" : "registered";
}

void register_honestly(const hand_in& node, const attacker& client) {
  const auto answer = node(client.registration(client.node().signing.id()));
  if (answer.registered != crypto::to_text(client.id()))
    throw std::runtime_error(fmt::format(
        "the node refused an honest registration: {}", what_came(answer)));
}

std::string send_honestly(const hand_in& node, const attacker& client,
                          const std::string& jws) {
  const auto answer = node(client.sealed(jws));
  if (answer.receipt.empty())
    throw std::runtime_error(fmt::format(
        "the node refused an honest message: {}", what_came(answer)));
  return answer.receipt;
}

/// Repeats and old sequence numbers, after the client has sent 1 and 3.
void attack_order(const hand_in& node, const attacker& client,
                  std::vector<attack_result>& results) {
  const auto first = client.message(client.payload(1));
  const auto receipt = send_honestly(node, client, first);
  const auto third = client.message(client.payload(3));
  const auto third_receipt = send_honestly(node, client, third);
  const auto repeated = [&](const char* name, const std::string& jws,
                            const std::string& expected) {
    const auto answer = node(client.sealed(jws));
    results.push_back(
        {name, "first receipt",
         answer.receipt == expected ? "first receipt" : what_came(answer)});
  };
  const auto stale = [&](const char* name, const std::string& payload) {
    const auto answer = node(client.sealed(client.message(payload)));
    results.push_back({name,
                       std::string(crypto::to_text(refusal::stale_sequence)),
                       what_came(answer)});
  };
  repeated("the same message again", third, third_receipt);
  repeated("the same message with a new signature",
           client.message(client.payload(3)), third_receipt);
  repeated("an older message again", first, receipt);
  stale("a used sequence number with other content",
        client.payload(3, R"({"other":1})"));
  stale("an older sequence number with other content",
        client.payload(1, R"({"other":1})"));
  stale("a skipped sequence number", client.payload(2));
}

} // namespace

std::vector<attack_result> attack_open_node(const hand_in& node,
                                            const crypto::node_keys& keys) {
  const attacker known(keys);
  const attacker other(keys);
  const attacker unknown(keys);
  register_honestly(node, known);
  register_honestly(node, other);
  std::vector<attack> all;
  add_envelopes(all, known);
  add_unsigned(all, known);
  add_broken_schema(all, known);
  add_wrong_people(all, known, other, unknown);
  add_registrations(all, unknown);
  std::vector<attack_result> results;
  results.reserve(all.size());
  for (const auto& one : all)
    results.push_back({one.name, std::string(crypto::to_text(one.expected)),
                       what_came(node(one.line))});
  // All of these used sequence number 1, and it is still unused.
  attack_order(node, known, results);
  return results;
}

attack_result attack_closed_node(const hand_in& node,
                                 const crypto::node_keys& keys) {
  const attacker stranger(keys);
  return {"a registration that is not on the list",
          std::string(crypto::to_text(refusal::not_allowed)),
          what_came(node(stranger.registration(keys.signing.id())))};
}

} // namespace chancery::apps
