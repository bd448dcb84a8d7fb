// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lines that break the ledger's rules, each in one way only, with the answer
// that the node has to give. The same functions make honest lines, so that
// every other rule holds. Lines are sent one at a time. One thread.

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

/// Sends a line to a node and waits for the answer.
using hand_in = std::function<actors::ledger_answer(const std::string&)>;

/// Honest messages that attack_open_node sends between the attacks.
inline constexpr std::uint64_t honest_messages = 2;

/// Runs all attacks on a node that lets every client register. First registers
/// its own clients, and also sends honest_messages; throws std::runtime_error
/// when the node refuses one of these.
std::vector<attack_result> attack_open_node(const hand_in& node,
                                            const crypto::node_keys& keys);

/// Registers a client on a node whose list of allowed clients does not have it.
attack_result attack_closed_node(const hand_in& node,
                                 const crypto::node_keys& keys);

} // namespace chancery::apps
