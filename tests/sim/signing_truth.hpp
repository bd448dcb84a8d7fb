// SPDX-License-Identifier: Apache-2.0
#pragma once

// What survives a crash in the simulation of a signing job, and what is
// recorded outside the system.

#include "checker.hpp"
#include "faulty_core.hpp"
#include "remote_worker.hpp"
#include "sealing_life.hpp"
#include "signing_world.hpp"
#include "sim_host.hpp"

#include "../temp_folder.hpp"
#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <chrono>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <vector>

namespace chancery::tests {

struct signing_truth {
  explicit signing_truth(const world_options& o)
      : options(o), random(o.seed),
        keys(crypto::curve::p256, 2 + random() % 5, seeded(o.seed),
             o.seals ? crypto::keyring_purpose::seal
                     : crypto::keyring_purpose::raw) {
    public_keys.purpose = keys.purpose();
    if (options.seals)
      time = std::chrono::seconds(seal_time);
    for (const auto& entry : keys.keys()) {
      active.push_back(entry.key.id());
      public_keys.keys.push_back({entry.key.public_half(), entry.state});
    }
    storage::store_info info;
    info.signature_size = 64;
    storage_options.sync = false;
    storage_options.defended = options.stored;
    storage_options.before_commit = [this] { before_commit(); };
    storage::record_store::create(folder.path() / "records", info,
                                  storage_options);
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

  world_options options;
  std::mt19937_64 random;
  temp_folder folder;
  crypto::keyring keys;
  crypto::public_keyring public_keys{crypto::curve::p256, {}};
  std::vector<storage::key_name> active;
  storage::store_options storage_options;
  std::uint32_t commits = 0;
  bool filled = false;
  bool crashed = false;
  bool healed = false;
  std::chrono::milliseconds time{1'000'000}; // when the current epoch began
  sealing_life certificates;
  use_log uses;
  wrong_bytes wrong;
  std::vector<late_mail> late; // of this and earlier epochs
  world_result result;
};

} // namespace chancery::tests
