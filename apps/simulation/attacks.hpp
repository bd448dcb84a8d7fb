// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lines that break the ledger's rules, each in one way only, and what the node
// has to answer. The texts are made with the same functions as honest ones, so
// that everything but the one rule holds. Hands them in one after the other.

#include "actors/systems/ledger_node.hpp"
#include "crypto/ledger/message.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::apps {

struct attack {
  std::string name;
  std::string line;
  crypto::refusal expected;
};

struct attack_result {
  std::string attack;
  std::string expected; ///< a refusal's code, or "first receipt"
  std::string got;

  bool held() const { return got == expected; }
};

/// Hands a line to a node and waits for the answer.
using hand_in = std::function<actors::ledger_answer(const std::string&)>;

/// Honest messages that attack_open_node sends between the attacks.
inline constexpr std::uint64_t honest_messages = 2;

/// All attacks on a node that lets everybody register. Registers clients of its
/// own and sends honest messages for them, which count; throws
/// std::runtime_error when those are not taken.
std::vector<attack_result> attack_open_node(const hand_in& node,
                                            const crypto::node_keys& keys);

/// A registration on a node whose list does not have the client.
attack_result attack_closed_node(const hand_in& node,
                                 const crypto::node_keys& keys);

} // namespace chancery::apps
