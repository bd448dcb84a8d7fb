// SPDX-License-Identifier: Apache-2.0
#pragma once

// The actors of one epoch (keyring, dispatcher, local signers, gateways of
// remote workers), and the wait for them on the calling thread. The record
// writer is the host's (signing_host.hpp). Only run_signing and signing_service
// use it, on one thread.

#include "actors/cluster/coordinator.hpp"
#include "actors/signing/progress.hpp"
#include "actors/signing/signer.hpp"
#include "actors/systems/exit_watchdog.hpp"
#include "actors/systems/signing_host.hpp"
#include "actors/systems/signing_opening.hpp"
#include "actors/systems/signing_options.hpp"
#include "crypto/keyring/keyring.hpp"
#include "crypto/keyring/vault.hpp"
#include "storage/record_store.hpp"

#include <caf/actor_addr.hpp>
#include <caf/scoped_actor.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace chancery::actors {

class signing_system {
 public:
  /// Spawns all actors; a coordinator also listens when it returns.
  signing_system(signing_host& host, storage::record_store& store,
                 const crypto::keyring& keys, const signing_options& options,
                 const opened_signing& opened, signing_progress& progress,
                 std::uint64_t unsigned_records);

  /// Returns when all is signed (a service: never), when `stop` said so and no
  /// unit is out, or after a fault, which finish() then throws as
  /// signing_failed. It asks `stop` some twenty times a second.
  void wait(const std::function<bool()>& stop);
  void finish();
  /// Returns when all local signers have ended.
  ~signing_system();
  const dispatcher_actor& dispatcher() const noexcept { return dispatcher_; }
  /// Where it listens for workers; 0: nowhere.
  std::uint16_t port() const;
  signing_system(const signing_system&) = delete;
  signing_system& operator=(const signing_system&) = delete;
  std::uint64_t signers_lost() const noexcept { return signers_lost_; }

 private:
  void spawn_actors(storage::record_store& store, const crypto::keyring& keys,
                    const opened_signing& opened,
                    std::uint64_t unsigned_records);
  void listen(const storage::record_store& store, const crypto::keyring& keys,
              const opened_epoch& epoch, std::uint64_t unsigned_records);
  void spawn_verifiers(const crypto::keyring& keys);
  void spawn_signer();
  void replace_signer();
  void ended(const caf::down_msg& down);
  bool over();
  void note_late_results();
  void note_refused();
  void close();
  void stop();

  // The vault must outlive the signers, which the destructor waits for.
  signing_options options_;
  signing_progress& progress_;
  crypto::vault vault_;
  exit_watchdog watchdog_;
  signing_host& host_;
  caf::actor_system& system_ = host_.system();
  caf::scoped_actor self_{system_};
  signer_config signer_;
  record_reader_actor reader_; ///< with a cluster
  dispatcher_actor dispatcher_;
  std::vector<unit_verifier_actor> verifiers_;
  keyring_actor keyring_;
  std::optional<listener> listener_;
  std::set<caf::actor_addr> signers_;
  std::uint64_t signers_lost_ = 0;
  std::uint64_t late_results_noted_ = 0;
  std::chrono::steady_clock::time_point late_results_next_{}; // note
  std::size_t refused_noted_ = 0;
  std::optional<std::string> failure_;
};

} // namespace chancery::actors
