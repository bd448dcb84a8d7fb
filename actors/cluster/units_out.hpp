// SPDX-License-Identifier: Apache-2.0
#pragma once

// The leases that went out over one connection and are not over yet, and the
// units that went out under them, as they were sent: a result is compared with
// them, and verified with their digests. A unit is kept while all of its leases
// are out, so that what is kept is bounded by keys and batch size. Plain class,
// one thread at a time.

#include "actors/signing/signing_messages.hpp"
#include "crypto/keyring/lease.hpp"

#include <caf/actor_clock.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::actors {

struct sent_unit {
  unit sent;
  std::vector<storage::key_name> keys; ///< one for each of its batches
};

class units_out {
 public:
  using time_point = caf::actor_clock::time_point;

  /// Leases went out (a grant's bytes), the first of them with the batches of
  /// this unit, in their order. Throws std::invalid_argument when a batch has
  /// no lease.
  void add(std::string_view leases, unit u, time_point now);

  /// The unit with exactly these batches; it is not kept any longer. Nothing
  /// when no such unit is out.
  std::optional<sent_unit> take(std::string_view batches);

  bool contains(std::uint64_t fence) const { return leases_.contains(fence); }
  std::size_t size() const noexcept { return leases_.size(); } ///< leases

  /// Renewed leases; one that is over meanwhile is not added again.
  void extend(const crypto::lease_set& renewed, time_point now);
  /// False when it was not out.
  bool remove(std::uint64_t fence);
  void remove_expired(time_point now);

 private:
  struct lease_out {
    time_point until;   ///< when the lender takes it for lost
    std::uint64_t unit; ///< key in units_, or 0
  };

  std::map<std::uint64_t, lease_out> leases_; // by fence
  std::map<std::uint64_t, sent_unit> units_;  // by their first fence
};

} // namespace chancery::actors
