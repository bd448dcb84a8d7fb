// SPDX-License-Identifier: Apache-2.0
#pragma once

// Replays the journal: which key is idle, which is out under which fence, and
// whether each event was allowed when it happened. The start of an epoch gets
// the key order of the last one from it; the audit checks every choice of the
// keyring with it. Plain class, one thread at a time.

#include "storage/journal.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace chancery::actors {

/// A fence as text: "epoch.counter".
std::string fence_text(std::uint64_t fence);

/// An event that was not allowed when it happened, and which promise it breaks.
struct replay_fault {
  enum class promise {
    exclusive, ///< a key has one lease at a time
    order,     ///< the least recently used idle key is taken
    journal,   ///< the log is a possible history
  };
  promise broken;
  std::string what;
};

class lease_replay {
 public:
  /// One lease, as the journal records it.
  struct lease {
    storage::key_name key{};
    bool remote = false;
    std::string borrower;
  };

  /// Applies the next event. Returns what is wrong with it, nothing when it
  /// obeys the rules. An event that breaks them is applied as far as possible.
  std::optional<replay_fault> apply(const storage::event& e);

  /// The epoch that the last epoch_opened event opened; nothing before one.
  const std::optional<storage::epoch_opened>& epoch() const { return epoch_; }
  bool closed() const noexcept { return closed_; }

  /// The lease that is out under `fence`; null when none is.
  const lease* find_out(std::uint64_t fence) const;
  /// Those that are out, by fence.
  const std::map<std::uint64_t, lease>& leases_out() const { return out_; }
  std::size_t idle() const noexcept { return idle_.size(); }
  std::size_t out() const noexcept { return out_.size(); }

  /// All keys of the epoch, least recently used first. Keys that are out count
  /// as returned now, in the order of lending.
  std::vector<storage::key_name> key_order() const;

 private:
  std::optional<replay_fault> take(const storage::epoch_opened& e);
  std::optional<replay_fault> take(const storage::lease_lent& e);
  std::optional<replay_fault> take(const storage::lease_returned& e);
  std::optional<replay_fault> take(const storage::lease_lost& e);
  std::optional<replay_fault> take(const storage::leases_lent& e);
  std::optional<replay_fault> take(const storage::leases_returned& e);
  std::optional<replay_fault> take(const storage::epoch_closed& e);
  std::optional<replay_fault> take(const storage::signatures_withdrawn& e);
  std::optional<replay_fault> take(const storage::workers_verified& e);
  std::optional<replay_fault> take(const storage::format_announced& e);
  std::optional<replay_fault> end(std::uint64_t fence, const char* verb);

  std::optional<storage::epoch_opened> epoch_;
  bool closed_ = false;
  // The epoch's process has ended, closed or not: signatures were withdrawn.
  bool over_ = false;
  bool just_opened_ = false; // nothing but a format came behind the opening
  bool announced_ = false;   // the epoch has said its format
  std::uint64_t last_fence_ = 0;
  std::uint64_t tick_ = 0;
  std::map<std::uint64_t, storage::key_name> idle_;     // by moment of return
  std::map<storage::key_name, std::uint64_t> returned_; // the inverse
  std::map<std::uint64_t, lease> out_;                  // by fence
};

/// When keys were last listed by an epoch: a key that had no certificate for a
/// while comes back.
class key_listings {
 public:
  void note(const storage::epoch_opened& e);

  /// Those of `active` that are not in `before` but were listed earlier, in the
  /// order in which they were last listed.
  std::vector<storage::key_name>
  returned(const std::vector<storage::key_name>& before,
           const std::vector<storage::key_name>& active) const;

 private:
  std::uint64_t count_ = 0;
  std::map<storage::key_name, std::uint64_t> last_;
};

/// The key order of a new epoch: keys that no epoch listed come first, in
/// keyring order; then those that came back; then those of the epoch before.
/// Keys that are not active are left out.
std::vector<storage::key_name>
next_key_order(const std::vector<storage::key_name>& before,
               const std::vector<storage::key_name>& active,
               const std::vector<storage::key_name>& returned = {});

} // namespace chancery::actors
