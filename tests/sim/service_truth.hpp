// SPDX-License-Identifier: Apache-2.0
#pragma once

// What survives a crash in the simulation of a service, what is recorded
// outside the system, and its settings.

#include "checker.hpp"
#include "remote_worker.hpp"
#include "sealing_life.hpp"
#include "service_clients.hpp"
#include "service_world.hpp"
#include "sim_host.hpp"

#include "../temp_folder.hpp"
#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <chrono>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

namespace chancery::tests {

inline constexpr std::uint32_t max_wait_ms = 250;
inline constexpr std::uint32_t batch_size = 10;

struct service_truth {
  explicit service_truth(const service_options& o)
      : options(o), random(o.seed),
        keys(crypto::curve::p256, 2 + random() % 4, seeded(o.seed),
             o.seals ? crypto::keyring_purpose::seal
                     : crypto::keyring_purpose::raw),
        clients(random) {
    storage::store_info info;
    info.signature_size = 64;
    storage_options.sync = false;
    storage_options.defended = options.stored;
    storage_options.before_commit = [this] { before_commit(); };
    storage::record_store::create(folder.path() / "records", info,
                                  storage_options);
    filled = true;
  }

  void before_commit() {
    if (crashed)
      throw std::runtime_error("the process is gone");
    if (filled && ++commits == options.failing_commit) {
      result.commit_failed = true;
      throw std::runtime_error("this commit fails");
    }
  }

  bool chance(unsigned percent) { return random() % 100 < percent; }

  // As between two epochs of a service.
  void change_keys() {
    const auto active = crypto::record_keys(keys);
    if (chance(30) && active.size() > 2)
      keys.retire(active[random() % active.size()].id());
    if (chance(30) && active.size() < 8)
      keys.add(
          crypto::private_key::generate(crypto::curve::p256, seeded(random())));
  }

  // What the checkers find after a life.
  void look_at(const storage::record_store& store) {
    if (auto broken = check(store, public_keys(), uses))
      result.violation = std::move(broken);
    if (auto broken = clients.broken(store))
      result.violation = std::move(broken);
    result.history = history_of(store);
  }

  crypto::public_keyring public_keys() const { return public_half(keys); }

  service_options options;
  std::mt19937_64 random;
  temp_folder folder;
  crypto::keyring keys;
  service_clients clients;
  sealing_life certificates;
  storage::store_options storage_options;
  std::uint32_t commits = 0;
  bool filled = false;
  bool crashed = false;
  bool healed = false;
  std::chrono::milliseconds time{
      1'000'000}; ///< steady, when the current process began
  use_log uses;
  std::vector<late_mail> late;
  service_result result;
};

} // namespace chancery::tests
