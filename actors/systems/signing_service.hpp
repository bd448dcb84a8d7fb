// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signs records as they come, until it is destroyed: one epoch after the other
// on one record store. Any thread may hand in records without using actors, and
// learns when they are on disk. A batch goes out when it is full, or when its
// oldest record has waited for the longest wait.
//
// An epoch ends, and the next begins within a second, when roll() asks for it,
// after a day, and before the leases' numbers run out: signers finish what they
// have, the keyring is read again, and keys that were added or retired count
// from then on, as do certificates. An epoch of seals is rolled before the
// first of its certificates ends, and goes on with the other keys. Intake goes
// on meanwhile, also when no key has a certificate left.
//
// The caller holds the data folder's lock and the only store object that
// writes. Workers of other hosts dial again after each epoch.

#include "actors/signing/progress.hpp"
#include "actors/signing/record_submission.hpp"
#include "actors/systems/signing_options.hpp"
#include "crypto/keyring/keyring.hpp"
#include "storage/journal.hpp"
#include "storage/record_store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace chancery::actors {

struct signing_service_options {
  /// `service` is set by the service, but for `max_wait_ms`.
  signing_options signing{};
  std::uint32_t max_wait_ms = 250; ///< up to max_wait_ms_max
  /// With less room on the disk no records are taken; with half of it, nothing
  /// is signed.
  std::uint64_t disk_reserve = std::uint64_t{256} << 20;
  std::chrono::hours marks_kept{72}; ///< of requests that may be sent again
  std::chrono::seconds epoch_time{std::chrono::hours{24}};
  /// Opens the keyring, at the start of each epoch. When it throws, the keys of
  /// the epoch before stay, and `note` gets the sentence.
  std::function<crypto::keyring()> keys;
  std::function<void(const std::string&)> note; ///< any thread
  /// Batches that are on disk now. One thread at a time; must not wait.
  std::function<void(const std::vector<storage::batch_row>&)> signed_now{};
};

/// 1 minute.
inline constexpr std::uint32_t max_wait_ms_max = 60'000;

class signing_service {
 public:
  /// Returns when the first epoch is open, or waits for a certificate. Throws
  /// std::invalid_argument for options out of range or a keyring without active
  /// keys, std::runtime_error where it cannot start, and what `keys` throws.
  signing_service(storage::record_store& store,
                  const signing_service_options& options,
                  signing_progress& progress);
  signing_service(const signing_service&) = delete;
  signing_service& operator=(const signing_service&) = delete;
  /// Signers finish what they have; records that are not signed yet wait on
  /// disk. Requests that are under way get their answer.
  ~signing_service();

  /// Any thread. The order of calls is the order of ids.
  void submit(record_request request, record_reply reply);

  /// Ends the epoch as soon as signers have finished what they have. Any
  /// thread.
  void roll();

  /// The epoch's number. Any thread.
  std::uint32_t epoch() const noexcept;

  /// Where it listens for workers; 0: nowhere. Any thread.
  std::uint16_t port() const noexcept;

  /// Whether nothing is signed because no key of a keyring for seals has a
  /// valid certificate. It looks for one at each roll() and now and then. Any
  /// thread.
  bool lacks_certificate() const noexcept;

  /// When this epoch ends by its certificates, in ms since 1970; 0: it does
  /// not. Any thread.
  std::uint64_t ends_ms() const noexcept;

  /// Why it stopped working; else empty. Any thread.
  std::string failure() const;

  struct state;

 private:
  std::unique_ptr<state> state_;
};

} // namespace chancery::actors
