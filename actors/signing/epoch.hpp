// SPDX-License-Identifier: Apache-2.0
#pragma once

// Starts an epoch: one life of the process that signs on a data folder. It
// continues the key order of the last epoch, and commits the epoch's first
// journal entry before any key is lent. No actors; the caller is the only
// writer.

#include "actors/base/milliseconds.hpp"
#include "actors/signing/lease_book.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chancery::actors {

/// What is verified of the signatures that other hosts hand in.
struct worker_verification {
  storage::worker_policy policy = storage::worker_policy::none;
  std::uint32_t share = 1; ///< one in this many; 1 unless policy is `sample`
};

/// What an epoch of seals announces.
struct seal_announcement {
  std::string content_type{}; ///< as of crypto::jades_content_type, or empty
  /// Of every key that is lent.
  std::map<storage::key_name, storage::certificate_name> leaves{};
};

struct epoch_options {
  std::uint32_t batch_size = 100;
  std::uint8_t provider = 0;    ///< a crypto::provider's number
  bool remote_possible = false; ///< leases may be lent to other hosts
  std::uint32_t ttl_ms_max = 0; ///< of remote leases
  storage::epoch_id id{};       ///< random
  std::uint64_t time_ms = 0;    ///< now, since 1970
  /// Of a service: how long a record may wait for others of its batch.
  std::optional<std::uint32_t> max_wait_ms{};
  /// Unless `none`, the journal states it right after the epoch's first entry.
  worker_verification verification{};
  /// Of a keyring for seals. Keys may be left out of an epoch then, and come
  /// back.
  std::optional<seal_announcement> seals{};
};

struct opened_epoch {
  storage::epoch_opened entry;
  /// No key may be lent before this much time has passed: remote leases of the
  /// previous epoch may still be in use.
  milliseconds quarantine{0};
  std::uint64_t event = 0; ///< the sequence of `entry`
};

/// The opened_epoch::quarantine of an epoch that would open now.
milliseconds quarantine_owed(const storage::snapshot& view);

/// `active`: the keys that may be lent, in keyring order; throws
/// std::invalid_argument when there are none, for a share that does not fit its
/// policy, and for seals without a certificate for each. Commits; throws
/// storage_error.
opened_epoch open_epoch(storage::record_store& store,
                        const std::vector<storage::key_name>& active,
                        const epoch_options& options);

} // namespace chancery::actors
