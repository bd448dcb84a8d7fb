// SPDX-License-Identifier: Apache-2.0
#pragma once

// An actor system on CAF's deterministic scheduler: actors run and time passes
// only on request. A simulation may hold several, one for each host.

#include "actors/base/messages.hpp"
#include "actors/systems/system_config.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <utility>

namespace chancery::tests {

inline std::function<void(std::span<std::byte>)> seeded(std::uint64_t seed) {
  auto engine = std::make_shared<std::mt19937_64>(seed);
  return [engine](std::span<std::byte> out) {
    for (auto& byte : out)
      byte = static_cast<std::byte>((*engine)());
  };
}

struct sim_config : caf::actor_system_config {
  sim_config() {
    actors::add_messages(*this);
    set("scheduler.policy", caf::atom("testing"));
  }
};

class sim_host {
 public:
  caf::actor_system& system() { return system_; }
  std::chrono::milliseconds now() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        scheduler_.clock().now().time_since_epoch());
  }
  bool busy() const { return !scheduler_.jobs.empty(); }
  bool waiting() const { return scheduler_.has_pending_timeout(); }

  /// Runs one message of a runnable actor, picked at random.
  void run_one(std::mt19937_64& random) {
    auto& jobs = scheduler_.jobs;
    const auto pick = random() % jobs.size();
    std::swap(jobs.front(), jobs[pick]);
    scheduler_.run_once();
  }

  void run_all() {
    while (busy())
      scheduler_.run_once();
  }

  void advance(std::chrono::milliseconds time) {
    scheduler_.advance_time(time);
  }

 private:
  sim_config config_;
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& scheduler_{
      dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())};
};

} // namespace chancery::tests
