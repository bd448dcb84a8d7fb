// SPDX-License-Identifier: Apache-2.0
#pragma once

// The folders of a simulated cluster, and the command lines of its hosts, as an
// operator would type them on real hosts:
//
//   ROOT/data          the data folder, with the cluster's authority
//   ROOT/NAME          what `cluster issue` made for the host NAME
//   ROOT/keys.bundle   the keyring for workers, with its passphrase beside it
//   ROOT/logs          the output of every process
//
// Main thread only.

#include "apps/simulation/simulated_host.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace chancery::apps {

struct simulated_cluster_options {
  std::uint64_t records = 100'000;
  std::uint64_t keys = 100;
  std::uint64_t seed = 1;
  std::uint64_t workers = 3;
  std::uint64_t batch_size = 100;
  std::uint64_t coordinator_signers = 0;
  std::uint64_t worker_signers = 1;
  std::uint64_t lease_ms = 1'500;
  std::string purpose = "raw"; ///< of the keyring; "seal": under a trial CA
  std::string provider = "auto";
  bool paranoid = false;
};

class simulated_cluster {
 public:
  using arguments = std::vector<std::string>;

  /// Creates `root`; `prepare` fills it.
  simulated_cluster(std::filesystem::path root,
                    simulated_cluster_options options);

  const simulated_cluster_options& options() const noexcept { return options_; }
  std::filesystem::path data() const { return root_ / "data"; }
  std::filesystem::path logs() const { return root_ / "logs"; }
  std::string worker_name(std::uint64_t i) const;

  /// Makes keys, records, the certificates of all hosts, and the bundle.
  void prepare(const std::atomic<bool>& stop) const;

  /// Port 0: any free port.
  arguments coordinator(std::uint16_t port) const;
  arguments worker(std::uint64_t i, std::uint16_t port) const;
  arguments node(std::uint16_t port) const;
  arguments clients(std::uint16_t port, std::uint64_t count, double rate,
                    double seconds) const;

  /// Runs a command on the data folder to its end and returns its JSON.
  nlohmann::ordered_json run(const std::string& name, arguments more,
                             const std::atomic<bool>& stop) const;

 private:
  arguments on_data(arguments more) const;
  arguments with_provider(arguments all) const;
  void issue(const std::string& name, const std::string& role,
             const std::atomic<bool>& stop) const;

  std::filesystem::path root_;
  simulated_cluster_options options_;
};

} // namespace chancery::apps
