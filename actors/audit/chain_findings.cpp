// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/chain_findings.hpp"

#include <utility>

namespace chancery::actors {

namespace {

struct rule_text {
  const char* name;
  const char* sentence;
};

// In the order of chain_promise.
constexpr std::array<rule_text, 6> texts{{
    {"blocks_linked",
     "every block names the hash of the one before it, its own place, "
     "messages and node, and a time that is not earlier"},
    {"blocks_signed", "every block is signed by the node"},
    {"roots_match", "every Merkle root matches the block's messages"},
    {"messages_signed",
     "every message is for this node and verifies under the key whose "
     "thumbprint is its client's id"},
    {"sequences_grow",
     "each client's sequence numbers grow in stored order, and none is used "
     "twice"},
    {"receipts_signed",
     "every message has a receipt signed by the node, with its index, client, "
     "sequence, hash and last block, and a time that is not earlier"},
}};

} // namespace

void chain_findings::broken(chain_promise p, std::uint64_t index,
                            std::string what) {
  auto& found = at(p);
  if (found.violations++ == 0 || index < found.first) {
    found.first = index;
    found.what = std::move(what);
  }
}

void chain_findings::add(const chain_findings& other) {
  for (std::size_t i = 0; i < all_.size(); ++i) {
    auto& mine = all_[i];
    const auto& its = other.all_[i];
    if (its.violations > 0 &&
        (mine.violations == 0 || its.first < mine.first)) {
      mine.first = its.first;
      mine.what = its.what;
    }
    mine.checked += its.checked;
    mine.violations += its.violations;
  }
}

std::vector<rule_report> chain_findings::rules() const {
  std::vector<rule_report> rules;
  for (std::size_t i = 0; i < all_.size(); ++i)
    rules.push_back({texts[i].name,
                     texts[i].sentence,
                     all_[i].checked,
                     {},
                     all_[i].violations,
                     all_[i].what});
  return rules;
}

} // namespace chancery::actors
