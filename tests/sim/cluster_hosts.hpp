// SPDX-License-Identifier: Apache-2.0
#pragma once

// The hosts of a simulated cluster: a worker's, which outlives coordinators and
// can be paused, and a coordinator's, which lives for one epoch.

#include "actors/cluster/gateway.hpp"
#include "actors/cluster/worker.hpp"
#include "actors/signing/epoch.hpp"
#include "actors/signing/keyring.hpp"
#include "actors/signing/signer.hpp"
#include "checker.hpp"
#include "cluster_world.hpp"
#include "liar.hpp"
#include "sim_host.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chancery::tests {

using std::chrono::milliseconds;

/// What all hosts share: the state of the simulation, unknown to the hosts.
struct cluster_truth {
  cluster_options options;
  std::mt19937_64 random;
  crypto::keyring keys;
  milliseconds time{1'000'000};
  use_log uses;
  bool crashed = false; ///< the coordinator: nothing reaches its disk any more
  cluster_result result;

  std::uint64_t below(std::uint64_t limit) { return random() % limit; }
  milliseconds any_time(milliseconds limit) {
    return milliseconds{below(static_cast<std::uint64_t>(limit.count()) + 1)};
  }
};

std::shared_ptr<crypto::vault> make_vault(cluster_truth& truth,
                                          const crypto::random_id& folder,
                                          const crypto::random_id& epoch,
                                          const crypto::random_id& instance,
                                          crypto::vault::clock clock);

class worker_host {
 public:
  /// `dial` connects this host, or returns nothing.
  worker_host(cluster_truth& truth, const crypto::random_id& folder, bool lies,
              std::function<std::optional<actors::dialled>()> dial);
  ~worker_host();

  sim_host& host() { return host_; }
  const sim_host& host() const { return host_; }
  void advance(milliseconds time);
  void pause_until(milliseconds when) { paused_until_ = when; }
  bool paused() const { return truth_.time < paused_until_; }
  /// What it does to what it hands in: mostly nothing.
  void spoil(actors::work_request& request);
  /// Stops its clock for this long: for a test that switches a defence off.
  void lag(milliseconds time) { lag_ += time; }

 private:
  cluster_truth& truth_;
  actors::worker_progress progress_;
  std::optional<liar> liar_; // unless it is honest
  milliseconds lag_{0};
  milliseconds paused_until_{0};
  milliseconds missed_{0}; // time that passed while it was paused
  sim_host host_;
  actors::connector_actor connector_;
  actors::worker_actor worker_;
};

class coordinator_host {
 public:
  coordinator_host(cluster_truth& truth, storage::record_store& store);
  ~coordinator_host();

  sim_host& host() { return host_; }
  milliseconds ttl() const { return milliseconds{ttl_ms_}; }
  actors::gateway_actor open_gateway(const std::string& worker);
  bool all_signed() const { return progress_.stored == unsigned_records_; }
  std::uint64_t left() const { return unsigned_records_ - progress_.stored; }
  void close();

 private:
  void spawn_signer(storage::record_store& store);
  std::vector<actors::unit_verifier_actor> spawn_verifiers();

  cluster_truth& truth_;
  std::uint64_t unsigned_records_;
  std::uint32_t batch_size_;
  std::uint32_t ttl_ms_;
  actors::opened_epoch opened_;
  actors::signing_progress progress_;
  std::shared_ptr<crypto::vault> vault_;
  actors::gateway_config gateways_;
  sim_host host_;
  actors::record_writer_actor writer_;
  actors::record_reader_actor reader_;
  std::vector<actors::unit_verifier_actor> verifiers_;
  actors::dispatcher_actor dispatcher_;
  actors::keyring_actor keyring_;
  std::vector<actors::signer_actor> signers_;
};

} // namespace chancery::tests
