// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the journal says about every lease ever lent, for the audit: its key,
// its worker, and the terms of its epoch. 16 bytes per lease, in the order of
// fences. Building it replays the whole journal and reports each event that was
// not allowed. Not thread-safe: key_of marks leases.

#include "actors/audit/withdrawals.hpp"
#include "actors/signing/lease_replay.hpp"
#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chancery::actors {

class lease_index {
 public:
  struct epoch_terms {
    std::uint32_t batch_size = 0;
    std::uint64_t records = 0; ///< in the table when the epoch opened
    bool lent_away = false;    ///< a lease was lent to another host
    std::optional<std::uint32_t> max_wait_ms{}; ///< of a service's epoch
    /// What was verified of the signatures that other hosts handed in; unset
    /// when the journal does not state it.
    std::optional<storage::workers_verified> verified{};
    std::uint16_t format = storage::signature_format::raw; ///< as announced
  };

  /// Calls `fault` for each event that breaks a promise, in journal order.
  lease_index(const storage::snapshot& view, const crypto::public_keyring& keys,
              const std::function<void(const replay_fault&)>& fault);

  std::uint64_t leases() const noexcept { return leases_.size(); }
  std::uint64_t events() const noexcept { return events_; }
  const std::map<std::uint32_t, epoch_terms>& epochs() const { return epochs_; }

  const withdrawals& withdrawn() const noexcept { return withdrawn_; }

  /// The key that was lent under `fence`; null when the journal has no such
  /// lease. The first call for a fence marks it as used by a batch;
  /// `used_before` is set when an earlier call did.
  const storage::key_name* key_of(std::uint64_t fence, bool& used_before);

  /// The worker on another host to whom `fence` was lent; empty when it was
  /// lent on the host itself, or the journal has no such lease.
  const std::string& worker_of(std::uint64_t fence) const;

 private:
  struct lease {
    std::uint64_t fence;
    std::uint32_t key;
    std::uint16_t worker; // 0: none
    bool used;
  };

  void note(const storage::event& e);
  void note_lease(const storage::lease_lent& e);
  std::optional<replay_fault>
  note_withdrawal(const storage::signatures_withdrawn& e);
  std::uint16_t number_of(const std::string& worker);

  std::uint64_t events_ = 0;
  std::vector<lease> leases_;
  std::vector<storage::key_name> keys_;
  std::map<storage::key_name, std::uint32_t> key_numbers_;
  std::vector<std::string> workers_{""};
  std::map<std::string, std::uint16_t> worker_numbers_{{"", 0}};
  std::map<std::uint32_t, epoch_terms> epochs_;
  withdrawals withdrawn_;
};

} // namespace chancery::actors
