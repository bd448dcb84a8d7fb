// SPDX-License-Identifier: Apache-2.0
#include "apps/api/ledger_events.hpp"

#include "actors/ledger/chain.hpp"
#include "apps/answers/chain_answers.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <utility>

namespace chancery::apps {

namespace {

constexpr std::uint64_t blocks_a_look_max = 12;

class new_blocks {
 public:
  explicit new_blocks(const storage::ledger_store& store)
      : store_(store), next_(actors::completed_blocks(store.read())) {}

  std::vector<event> look() {
    const auto view = store_.read();
    const auto end = actors::completed_blocks(view);
    std::vector<event> found;
    std::uint64_t skipped = 0;
    if (end - next_ > blocks_a_look_max) {
      skipped = end - next_ - blocks_a_look_max;
      next_ += skipped;
    }
    for (; next_ < end; ++next_) {
      const auto block = actors::block_at(view, next_);
      if (!block)
        break;
      found.push_back({.type = "block",
                       .json = block_json(*block).dump(),
                       .skipped = std::exchange(skipped, 0)});
    }
    return found;
  }

 private:
  const storage::ledger_store& store_;
  std::uint64_t next_;
};

using counts = std::map<crypto::refusal, std::uint64_t>;

class new_refusals {
 public:
  explicit new_refusals(std::function<counts()> refused)
      : refused_(std::move(refused)), seen_(refused_()) {}

  std::vector<event> look() {
    auto now = refused_();
    auto codes = nlohmann::ordered_json::object();
    for (const auto& [code, count] : now)
      if (const auto before = seen_[code]; count > before)
        codes[std::string(to_text(code))] = count - before;
    seen_ = std::move(now);
    std::vector<event> found;
    if (!codes.empty())
      found.push_back(
          {.type = "refused",
           .json = nlohmann::ordered_json{{"codes", codes}}.dump()});
    return found;
  }

 private:
  std::function<counts()> refused_;
  counts seen_;
};

} // namespace

event_source block_events(const storage::ledger_store& store) {
  return {.look = [blocks = std::make_shared<new_blocks>(store)] {
    return blocks->look();
  }};
}

event_source refusal_events(std::function<counts()> refused) {
  return {.every = std::chrono::seconds(1),
          .look = [refusals = std::make_shared<new_refusals>(
                       std::move(refused))] { return refusals->look(); }};
}

} // namespace chancery::apps
