// SPDX-License-Identifier: Apache-2.0
#pragma once

// The keys of the last epoch, least recently used first, and how often each was
// lent in it, read from the journal. It remembers how far it has read, so that
// the next look costs only what was appended since. Plain class, one thread at
// a time.

#include "actors/signing/lease_replay.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chancery::actors {

struct key_use {
  storage::key_name key{};
  std::uint64_t uses = 0; ///< leases
  /// Who holds it: a worker's name, or an empty one, which is this host.
  std::optional<std::string> holder{};
};

class key_uses {
 public:
  /// Reads on to the end of the journal that `view` sees, from the start of
  /// its last epoch; views of one store, none older than the last.
  void follow(const storage::snapshot& view) {
    const auto start = view.last_epoch();
    if (!start)
      return;
    if (begin_ != start) {
      *this = {};
      begin_ = start;
      next_ = *start;
    }
    auto journal = view.walk(storage::table::journal);
    for (bool more = journal.seek(next_); more; more = journal.next()) {
      const auto event = storage::decode_event(journal.value());
      for (const auto& lent : storage::leases_of(event))
        ++uses_[lent.key];
      replay_.apply(event);
      next_ = journal.key() + 1;
    }
  }

  /// Nothing before the first epoch.
  std::optional<std::uint32_t> epoch() const {
    return replay_.epoch() ? std::optional(replay_.epoch()->epoch)
                           : std::nullopt;
  }

  /// Keys that are out, or were when the process ended, count as in
  /// lease_replay::key_order.
  std::vector<key_use> order() const {
    std::map<storage::key_name, std::string> holders;
    for (const auto& [fence, lease] : replay_.leases_out())
      holders.emplace(lease.key, lease.borrower);
    std::vector<key_use> keys;
    for (const auto& key : replay_.key_order()) {
      const auto used = uses_.find(key);
      const auto held = holders.find(key);
      keys.push_back(
          {key, used == uses_.end() ? 0 : used->second,
           held == holders.end() ? std::nullopt : std::optional(held->second)});
    }
    return keys;
  }

 private:
  std::optional<std::uint64_t> begin_; ///< of the epoch, in the journal
  std::uint64_t next_ = 0;             ///< event to read
  lease_replay replay_;
  std::map<storage::key_name, std::uint64_t> uses_;
};

} // namespace chancery::actors
