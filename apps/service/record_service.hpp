// SPDX-License-Identifier: Apache-2.0
#pragma once

// The signing half of `chancery serve`: it holds the data folder's lock, the
// store and the keys, signs what comes, and writes status.json. Made and
// destroyed on the main thread, as it may prompt for the passphrase.

#include "actors/signing/progress.hpp"
#include "actors/systems/signing_service.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/folders/status_file.hpp"
#include "apps/service/signing_counts.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace chancery::apps {

struct record_service_options {
  /// Called once, with the keys that the first epoch has. May warn.
  std::function<actors::signing_options(const crypto::keyring&)> signing;
  std::uint64_t max_wait_ms = 250;
  std::uint64_t disk_reserve = 0; ///< bytes
  std::uint64_t marks_hours = 72;
  std::uint64_t keys = 100; ///< of a keyring that is made
  /// As of the service: batches that are on disk now.
  std::function<void(const std::vector<storage::batch_row>&)> signed_now{};
};

class record_service {
 public:
  /// Makes keyring and store where there are none, as `init` does. Throws what
  /// opening a data folder throws, and storage::locked.
  record_service(const command_context& context,
                 const record_service_options& options);
  record_service(const record_service&) = delete;
  record_service& operator=(const record_service&) = delete;
  /// Signers finish what they have.
  ~record_service();

  std::shared_ptr<const storage::record_store> store() const { return store_; }
  const actors::signing_progress& progress() const { return progress_; }
  const signing_counts& counts() const { return counts_; }

  /// Any thread.
  void submit(actors::record_request request, actors::record_reply reply);
  void roll() { service_->roll(); }
  std::string failure() const { return service_->failure(); }
  /// Throws std::runtime_error when it cannot go on.
  void throw_if_failed() const;
  std::uint32_t epoch() const { return service_->epoch(); }
  /// Whether it makes seals. Any thread.
  bool seals() const noexcept { return seals_; }

  /// As of signing_service. Any thread.
  bool lacks_certificate() const { return service_->lacks_certificate(); }
  std::uint64_t ends_ms() const { return service_->ends_ms(); }

  /// How long the oldest record has waited for its signature; nothing when all
  /// are signed, or it is not known when it came. Any thread.
  std::optional<double> oldest_unsigned_seconds() const;

  /// Room for records on the disk. Any thread.
  bool has_room() const { return store_->room() >= disk_reserve_; }

 private:
  nlohmann::ordered_json status() const;
  crypto::keyring keys_again() const;

  data_folder folder_;
  std::optional<storage::lock_file> lock_;
  std::uint64_t disk_reserve_;
  std::uint32_t max_wait_ms_;
  bool seals_ = false; ///< the keyring's purpose, which never changes
  std::shared_ptr<storage::record_store> store_;
  passphrase passphrase_;
  std::optional<crypto::keyring> first_keys_; ///< until the first epoch
  actors::signing_progress progress_;
  signing_counts counts_;
  mutable std::mutex mutex_;
  mutable std::uint64_t all_signed_before_ = 0; ///< guarded by mutex_
  std::function<nlohmann::ordered_json()> counters_;
  std::optional<actors::signing_service> service_;
  std::optional<status_file> status_;
};

} // namespace chancery::apps
