// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rules of leases, without actors: which key is out under which fence, to
// whom, and until when. Fences only grow. A return or loss counts only under
// the key's current fence. Plain class, one thread at a time; `now` is any
// monotonic time, of the same clock in all calls.

#include "actors/base/milliseconds.hpp"
#include "actors/signing/key_queue.hpp"
#include "storage/journal.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chancery::actors {

/// How long the lender waits for a remote lease before it lends the key again:
/// 1.1 x ttl + 1 s, so that clocks may differ by a tenth in speed.
milliseconds lender_wait(std::uint32_t ttl_ms);

/// The most that a remote lease lives, however often it is renewed: 10 x ttl
/// and 10 ms for each record of a unit. So a worker that makes 200 signatures a
/// second, and holds one unit while it signs another, loses none; one that
/// hands in nothing loses its range to others.
milliseconds lease_life(std::uint32_t ttl_ms, std::uint64_t unit_records);

/// For whom keys are lent. `holder` identifies the borrower (its actor id). The
/// end of a local holder ends its leases; that of a remote one does not.
struct lease_terms {
  std::uint64_t holder = 0;
  bool remote = false;
  std::uint32_t ttl_ms = 0; ///< 0 when local
  milliseconds now{0};
  milliseconds life{0};   ///< at most, with all renewals; 0: no limit
  std::string borrower{}; ///< its name; empty when local
};

struct lent_key {
  std::uint64_t fence = 0;
  storage::key_name key{};
};

class lease_book {
 public:
  /// `order`: least recently used first. Only tests switch `check_fences` off,
  /// to show what the check prevents.
  lease_book(std::uint32_t epoch, std::vector<storage::key_name> order,
             bool check_fences = true);

  std::size_t idle() const noexcept { return queue_.size(); }
  std::size_t out() const noexcept { return keys_.size() - queue_.size(); }

  /// Lends the least recently used idle keys, at most `count`, perhaps none.
  /// Throws std::overflow_error after 2^32 - 1 leases of one epoch.
  std::vector<lent_key> lend(std::size_t count, const lease_terms& terms);

  /// False when `fence` is not the key's current one: the lease ended before.
  bool give_back(const storage::key_name& key, std::uint64_t fence);

  /// Restarts a remote lease's time at `now`. False when it is not the key's
  /// current one, its lender_wait is over, or it has lived as long as it may.
  bool renew(const storage::key_name& key, std::uint64_t fence,
             milliseconds now);

  /// The terms of a lease that is out and has lived as long as it may; else
  /// null.
  const lease_terms* too_old(std::uint64_t fence, milliseconds now) const;

  /// Ends the local leases of a dead holder and returns their fences, oldest
  /// first. `also_remote` is for the test that shows why remote ones must stay.
  std::vector<std::uint64_t> end_holder(std::uint64_t holder,
                                        bool also_remote = false);

  /// Ends the remote leases whose lender_wait is over and returns their fences,
  /// oldest first.
  std::vector<std::uint64_t> end_expired(milliseconds now);

  /// When end_expired next has something to do.
  std::optional<milliseconds> next_expiry() const;

 private:
  struct outstanding {
    key_index key;
    lease_terms terms; ///< with the time of the last renewal
    milliseconds lent{0};
  };

  void end(std::map<std::uint64_t, outstanding>::iterator lease);

  std::uint32_t epoch_;
  std::uint32_t counter_ = 0;
  bool check_fences_;
  std::vector<storage::key_name> keys_;
  std::map<storage::key_name, key_index> index_;
  key_queue queue_;
  std::map<std::uint64_t, outstanding> out_; // by fence
};

} // namespace chancery::actors
