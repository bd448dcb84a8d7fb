// SPDX-License-Identifier: Apache-2.0
#pragma once

// The signing of `simulate cluster`: a coordinator and its workers, each a
// process, are killed and stopped as planned until all is signed. Main thread
// only.

#include "apps/folders/data_folder.hpp"
#include "apps/simulation/cluster_kills.hpp"
#include "apps/simulation/leases_out.hpp"
#include "apps/simulation/simulated_cluster.hpp"
#include "storage/record_store.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chancery::apps {

struct cluster_signing_result {
  std::uint64_t workers_killed = 0;
  /// Those alone that held leases then, which they could not return.
  std::uint64_t workers_stopped = 0;
  std::uint64_t coordinators_killed = 0;
  /// How many of all these came while the coordinator was signing.
  std::uint64_t while_signing = 0;
  /// Of all runs of the coordinator; a killed run counts what status.json
  /// showed.
  std::uint64_t late_results = 0;
  std::uint64_t late_units = 0; ///< of the workers that ran to the end
  double seconds = 0;

  std::uint64_t kills() const {
    return workers_killed + workers_stopped + coordinators_killed;
  }
};

class cluster_signing {
 public:
  cluster_signing(const simulated_cluster& cluster, const data_folder& folder,
                  const storage::record_store& store,
                  std::vector<planned_kill> plan);

  /// Returns when all is signed. Throws host_failed when a process ends without
  /// being killed or when nothing is stored for five minutes, and
  /// std::runtime_error when `stop` is set.
  cluster_signing_result run(const std::atomic<bool>& stop);

 private:
  using steady = std::chrono::steady_clock;

  struct worker_host {
    simulated_host host;
    steady::time_point back{}; ///< when it is started again or resumed
  };

  bool step();
  void start_coordinator();
  void look_at_coordinator();
  void look_at_worker(std::uint64_t i);
  void harm_next();
  bool harm_worker(const planned_kill& kill);
  void count_stop();
  void count_harm();
  worker_host* worker_to_harm(std::uint64_t draw);
  void kill_coordinator(const planned_kill& kill);
  void look_for_progress();
  void listen_to_coordinator();
  void end_workers(const std::atomic<bool>& stop);
  std::uint64_t workers_up() const;

  const simulated_cluster& cluster_;
  const data_folder& folder_;
  const storage::record_store& store_;
  std::vector<planned_kill> plan_;
  std::size_t next_ = 0; ///< index in plan_
  simulated_host coordinator_;
  steady::time_point coordinator_back_{};
  std::uint16_t port_ = 0;
  bool done_ = false;
  std::vector<worker_host> workers_;
  leases_out leases_;
  worker_host* stopping_ = nullptr; ///< stopped, and not counted yet
  steady::time_point stopped_at_{};
  std::uint64_t stored_at_start_ = 0; ///< when this coordinator started
  std::uint64_t late_in_this_life_ = 0;
  std::atomic<std::uint64_t> stored_{0}; ///< read by the progress line, too
  std::atomic<std::uint64_t> up_{0};
  std::atomic<std::uint64_t> kills_{0};
  steady::time_point last_progress_{};
  steady::time_point last_look_{};
  cluster_signing_result result_;
};

} // namespace chancery::apps
