// SPDX-License-Identifier: Apache-2.0
#include "crypto/ledger/message.hpp"

#include "crypto/ledger/block.hpp"
#include "tests/crypto/fixture.hpp"
#include "tests/crypto/jose_fixture.hpp"
#include "tests/crypto/message_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(message_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

const std::string client = to_text(rfc7515_key().id());
const std::string node = to_text(rfc7518_alice().id());

} // namespace

BOOST_AUTO_TEST_CASE(texts_are_written_as_the_readme_shows) {
  BOOST_TEST(to_json(some_message()) ==
             R"({"v":1,"client":")" + client +
                 R"(","seq":1,"time":"2026-01-01T00:00:00Z","node":")" + node +
                 R"(","body":{"a":[1,null]}})");
  BOOST_TEST(to_json(some_registration()) ==
             R"({"v":1,"client":")" + client + R"(","node":")" + node +
                 R"(","time":"2026-01-01T00:00:00Z"})");
  auto r = some_receipt();
  const auto front = R"({"v":1,"node":")" + node + R"(","client":")" + client +
                     R"(","seq":3,"index":12,"leaf":"BwAA)" +
                     std::string(39, 'A') +
                     R"(","time":"2026-01-01T00:00:00.250Z","block":)";
  BOOST_TEST(to_json(r) == front + R"({"index":4,"hash":"CQAA)" +
                               std::string(39, 'A') + R"("}})");
  r.block.reset();
  BOOST_TEST(to_json(r) == front + "null}");
  const auto k = some_node_keys();
  auto signing = jwk_text(k.signing);
  auto encryption = jwk_text(k.encryption);
  signing.pop_back();
  encryption.pop_back();
  BOOST_TEST(to_json(k) ==
             R"({"v":1,"node":")" + node + R"(","keys":[)" + signing +
                 R"(,"kid":")" + node + R"(","use":"sig","alg":"ES256"},)" +
                 encryption + R"(,"kid":")" + to_text(rfc7518_bob().id()) +
                 R"(","use":"enc","alg":"ECDH-ES"}],"block_size":100})");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
  auto m = some_message();
  for (const auto sequence :
       {std::uint64_t{1}, std::uint64_t{77}, sequence_max}) {
    m.sequence = sequence;
    const auto read = message_from_json(to_json(m));
    BOOST_TEST((read.client == m.client));
    BOOST_TEST((read.node == m.node));
    BOOST_TEST(read.sequence == sequence);
    BOOST_TEST(read.time == m.time);
    BOOST_TEST(read.body == m.body);
  }
  const auto g = registration_from_json(to_json(some_registration()));
  BOOST_TEST((g.client == some_registration().client));
  BOOST_TEST((g.node == some_registration().node));
  BOOST_TEST(g.time == some_registration().time);
  const auto k = node_keys_from_json(to_json(some_node_keys()));
  BOOST_TEST((k.signing == some_node_keys().signing));
  BOOST_TEST((k.encryption == some_node_keys().encryption));
  BOOST_TEST(k.block_size == 100);
}

BOOST_AUTO_TEST_CASE(a_receipt_is_made_again_to_the_same_bytes) {
  auto r = some_receipt();
  for (const bool with_block : {true, false}) {
    if (!with_block)
      r.block.reset();
    const auto text = to_json(r);
    const auto read = receipt_from_json(text);
    BOOST_TEST((read.block == r.block));
    BOOST_TEST(read.time_ms == r.time_ms);
    BOOST_TEST(to_json(read) == text);
  }
}

BOOST_AUTO_TEST_CASE(a_body_is_exactly_one_json_value) {
  auto m = some_message();
  for (const auto* body : {"null", "true", "-1.5e3", "\"\"", "[]", "{}",
                           R"({"seq":2,"node":"x"})", R"("\u0000\"}")"}) {
    m.body = body;
    BOOST_CHECK_NO_THROW((void)message_from_json(to_json(m)));
  }
  for (const auto* body : {"",
                           " ",
                           "1,2",
                           "1],[2",
                           "]",
                           "[",
                           "1}",
                           R"(1,"seq":2)",
                           R"({"a":1)",
                           R"({"a":1,"a":2})",
                           "\"\xff\"",
                           "\xef\xbb\xbf"
                           "1",
                           "NaN",
                           "1e999",
                           "1 2",
                           "//",
                           R"("\ud800")",
                           "1,",
                           ",1",
                           "null,"}) {
    m.body = body;
    BOOST_CHECK_THROW((void)to_json(m), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(what_can_be_written_can_be_read_however_deep) {
  auto m = some_message();
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  m.body = nested(31);
  BOOST_CHECK_NO_THROW((void)message_from_json(to_json(m)));
  m.body = nested(32);
  BOOST_CHECK_THROW((void)to_json(m), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_message_has_at_most_65536_bytes) {
  auto m = some_message();
  m.body = "\"\"";
  const auto room = payload_size_max - to_json(m).size();
  m.body = "\"" + std::string(room, 'x') + "\"";
  BOOST_TEST(to_json(m).size() == 65'536);
  BOOST_TEST(message_from_json(to_json(m)).body == m.body);
  m.body = "\"" + std::string(room + 1, 'x') + "\"";
  BOOST_CHECK_THROW((void)to_json(m), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_read_is_not_written) {
  const auto refuses = [](auto value, auto change) {
    BOOST_CHECK_NO_THROW((void)to_json(value));
    change(value);
    BOOST_CHECK_THROW((void)to_json(value), std::invalid_argument);
  };
  const auto no_time = "2026-01-01T00:00:00+00:00";
  refuses(some_message(), [](auto& m) { m.sequence = 0; });
  refuses(some_message(), [](auto& m) { m.sequence = sequence_max + 1; });
  refuses(some_message(), [&](auto& m) { m.time = no_time; });
  refuses(some_registration(), [&](auto& r) { r.time = no_time; });
  refuses(some_receipt(), [](auto& r) { r.sequence = 0; });
  refuses(some_receipt(), [](auto& r) { r.index = sequence_max + 1; });
  refuses(some_receipt(), [](auto& r) { r.block->index = sequence_max + 1; });
  refuses(some_receipt(), [](auto& r) { r.time_ms = 253'402'300'800'000; });
  refuses(some_node_keys(), [](auto& k) { k.block_size = 0; });
  refuses(some_node_keys(), [](auto& k) { k.block_size = block_size_max + 1; });
  refuses(some_node_keys(), [](auto& k) { k.encryption = k.signing; });
  const auto p384 = private_key::generate(curve::p384, replayed_random(1));
  refuses(some_node_keys(), [&](auto& k) { k.signing = p384.public_half(); });
}

BOOST_AUTO_TEST_SUITE_END()
