// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/attacks.hpp"

#include "crypto/ledger/message_opener.hpp"
#include "crypto/ledger/node_identity.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <optional>
#include <set>

BOOST_AUTO_TEST_SUITE(attacks_test)

using namespace chancery;
using crypto::refusal;

namespace {

/// A minimal implementation of the ledger's rules, without actors or storage.
/// Each rule can be switched off.
class naive_node {
 public:
  explicit naive_node(std::set<refusal> without = {})
      : identity_(crypto::make_node_identity(crypto::system_random())),
        opener_(identity_.id(), identity_.encryption,
                crypto::single_signatures),
        without_(std::move(without)) {}

  crypto::node_keys keys() const {
    return {.signing = identity_.signing.public_half(),
            .encryption = identity_.encryption.public_half(),
            .block_size = 100};
  }

  apps::hand_in handing() {
    return [this](const std::string& line) { return take(line); };
  }

 private:
  actors::ledger_answer take(const std::string& line) {
    actors::ledger_answer answer;
    try {
      if (is_message(line))
        throw crypto::refused(refusal::not_encrypted_to_me, "in clear");
      if (std::count(line.begin(), line.end(), '.') == 2)
        answer.registered = registered(opener_.open_registration(line));
      else
        answer.receipt = accepted(opener_.open(line));
    } catch (const crypto::refused& e) {
      if (without_.contains(e.code()))
        answer.receipt = "taken";
      else
        answer.refused = e.code();
    }
    return answer;
  }

  static bool is_message(const std::string& line) {
    try {
      crypto::parse_signed(line, crypto::message_type);
      return true;
    } catch (const crypto::refused&) {
      return false;
    }
  }

  std::string registered(const crypto::opened_registration& r) {
    clients_.emplace(r.content.client, r.key);
    return crypto::to_text(r.content.client);
  }

  std::string accepted(const crypto::opened_message& m) {
    const auto key = clients_.find(m.content.client);
    if (key == clients_.end())
      throw crypto::refused(refusal::unknown_client, "who?");
    opener_.verify(m, key->second);
    auto& sent = sent_[m.content.client];
    if (const auto first = sent.find(m.content.sequence);
        first != sent.end() && first->second == m.parts.payload)
      return "receipt of " + m.parts.payload;
    if (!sent.empty() && sent.rbegin()->first >= m.content.sequence)
      throw crypto::refused(refusal::stale_sequence, "too late");
    sent[m.content.sequence] = m.parts.payload;
    return "receipt of " + m.parts.payload;
  }

  crypto::node_identity identity_;
  crypto::message_opener opener_;
  std::set<refusal> without_;
  std::map<crypto::key_id, crypto::public_key> clients_;
  std::map<crypto::key_id, std::map<std::uint64_t, std::string>> sent_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_node_that_keeps_the_rules_holds_against_every_attack) {
  naive_node node;
  const auto results = apps::attack_open_node(node.handing(), node.keys());
  BOOST_TEST(results.size() > 50U);
  for (const auto& one : results)
    BOOST_TEST(one.got == one.expected, one.attack);
}

BOOST_AUTO_TEST_CASE(each_attack_has_a_name_of_its_own) {
  naive_node node;
  std::set<std::string> names;
  for (const auto& one : apps::attack_open_node(node.handing(), node.keys()))
    BOOST_TEST(names.insert(one.attack).second, one.attack);
}

BOOST_AUTO_TEST_CASE(a_node_that_leaves_a_rule_out_is_found) {
  for (const auto rule :
       {refusal::too_large, refusal::not_encrypted_to_me, refusal::not_signed,
        refusal::bad_schema, refusal::wrong_node, refusal::not_the_sender,
        refusal::unknown_client, refusal::bad_signature,
        refusal::stale_sequence}) {
    naive_node node({rule});
    const auto results = apps::attack_open_node(node.handing(), node.keys());
    const auto missed = std::count_if(results.begin(), results.end(),
                                      [](const auto& r) { return !r.held(); });
    const auto aimed =
        std::count_if(results.begin(), results.end(), [rule](const auto& r) {
          return r.expected == crypto::to_text(rule);
        });
    BOOST_TEST(aimed > 0, crypto::to_text(rule));
    BOOST_TEST(missed == aimed, crypto::to_text(rule));
  }
}

BOOST_AUTO_TEST_CASE(a_node_that_takes_no_honest_message_is_no_test_at_all) {
  naive_node node;
  const auto refuse_all = [](const std::string&) {
    return actors::ledger_answer{.receipt = {},
                                 .registered = {},
                                 .refused = refusal::busy,
                                 .reason = {}};
  };
  BOOST_CHECK_THROW(apps::attack_open_node(refuse_all, node.keys()),
                    std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_node_that_registers_whom_it_should_not_is_found) {
  naive_node open;
  const auto result = apps::attack_closed_node(open.handing(), open.keys());
  BOOST_TEST(result.expected == "not_allowed");
  BOOST_TEST(result.got == "registered");
  BOOST_TEST(!result.held());
}

BOOST_AUTO_TEST_SUITE_END()
