// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/simulated_cluster.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace chancery::apps {

namespace {

std::string loopback(std::uint16_t port) {
  return fmt::format("127.0.0.1:{}", port);
}

} // namespace

simulated_cluster::simulated_cluster(std::filesystem::path root,
                                     simulated_cluster_options options)
    : root_(std::move(root)), options_(std::move(options)) {
  std::filesystem::create_directories(logs());
}

std::string simulated_cluster::worker_name(std::uint64_t i) const {
  return fmt::format("worker-{}", i + 1);
}

void simulated_cluster::prepare(const std::atomic<bool>& stop) const {
  run("init",
      {"init", "--keys", std::to_string(options_.keys), "--purpose",
       options_.purpose},
      stop);
  if (options_.purpose == "seal") {
    run("ca-init", {"keys", "ca", "init", "--name", "CN=Simulation trial CA"},
        stop);
    run("ca-issue",
        {"keys", "ca", "issue", "--all", "--subject",
         "C=EE,O=Simulation,organizationIdentifier=VATEE-100000000,"
         "CN=Simulation seal {n}"},
        stop);
  }
  run("seed",
      {"records", "seed", "--count", std::to_string(options_.records), "--seed",
       std::to_string(options_.seed)},
      stop);
  run("cluster-init", {"cluster", "init"}, stop);
  issue("coordinator", "coordinator", stop);
  issue("node", "node", stop);
  issue("clients", "client", stop);
  for (std::uint64_t i = 0; i < options_.workers; ++i)
    issue(worker_name(i), "worker", stop);
  run("bundle", {"keys", "bundle", "--out", (root_ / "keys.bundle").string()},
      stop);
}

void simulated_cluster::issue(const std::string& name, const std::string& role,
                              const std::atomic<bool>& stop) const {
  run("issue-" + name,
      {"cluster", "issue", name, "--role", role, "--out",
       (root_ / name).string()},
      stop);
}

nlohmann::ordered_json
simulated_cluster::run(const std::string& name, arguments more,
                       const std::atomic<bool>& stop) const {
  return run_command(name, logs(), on_data(std::move(more)), stop);
}

simulated_cluster::arguments simulated_cluster::on_data(arguments more) const {
  arguments all{"--data", data().string(), "--json"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

simulated_cluster::arguments
simulated_cluster::with_provider(arguments all) const {
  all.insert(all.end(), {"--crypto-provider", options_.provider});
  if (options_.paranoid)
    all.emplace_back("--paranoid");
  return all;
}

simulated_cluster::arguments
simulated_cluster::coordinator(std::uint16_t port) const {
  return with_provider(
      on_data({"sign", "--listen", loopback(port), "--cluster",
               (root_ / "coordinator").string(), "--signers",
               std::to_string(options_.coordinator_signers), "--batch-size",
               std::to_string(options_.batch_size), "--lease-ms",
               std::to_string(options_.lease_ms)}));
}

simulated_cluster::arguments
simulated_cluster::worker(std::uint64_t i, std::uint16_t port) const {
  return with_provider({"--json", "worker", "--connect", loopback(port),
                        "--cluster", (root_ / worker_name(i)).string(),
                        "--keyring", (root_ / "keys.bundle").string(),
                        "--signers", std::to_string(options_.worker_signers)});
}

simulated_cluster::arguments simulated_cluster::node(std::uint16_t port) const {
  return on_data({"node", "--listen", loopback(port), "--cluster",
                  (root_ / "node").string()});
}

simulated_cluster::arguments simulated_cluster::clients(std::uint16_t port,
                                                        std::uint64_t count,
                                                        double rate,
                                                        double seconds) const {
  return {"--json",     "client",
          "--connect",  loopback(port),
          "--cluster",  (root_ / "clients").string(),
          "--clients",  std::to_string(count),
          "--rate",     fmt::format("{:.3f}", rate),
          "--duration", fmt::format("{:.3f}", seconds)};
}

} // namespace chancery::apps
