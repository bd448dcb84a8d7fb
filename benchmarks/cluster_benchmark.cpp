// SPDX-License-Identifier: Apache-2.0

// Measures several hosts, as processes on this one, over loopback and TLS. The
// whole job by a coordinator and its workers is compared with the same job in
// one process with as many signers, alternating. Also measured: how much one
// coordinator can feed and store, and how long it takes to make up for a
// worker's death. README.md explains the figures.

#include "benchmarks/cluster_workload.hpp"
#include "benchmarks/report.hpp"
#include "crypto/base/random.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <exception>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace chancery;
using namespace chancery::benchmarks;
using json = nlohmann::ordered_json;

struct settings {
  cluster_workload cluster;
  std::vector<std::uint32_t> batch_sizes{100, 1'000};
  std::vector<std::size_t> workers{1, 2};
  std::size_t repetitions = 3;
  std::vector<std::uint32_t> recovery_lease_ms{1'000, 10'000};
  std::string child;
  std::string only;
  bool null_child = false;
  bool as_json = false;
  std::string provider = "auto";
};

void add_options(CLI::App& app, settings& s) {
  auto& work = s.cluster.work;
  work.records = 200'000;
  app.add_option("--records", work.records, "Records in the table")
      ->check(CLI::Range(1'000u, 100'000'000u))
      ->capture_default_str();
  app.add_option("--keys", work.keys, "Keys in the keyring")
      ->check(CLI::Range(1u, 100'000u))
      ->capture_default_str();
  app.add_option("--batch-sizes", s.batch_sizes, "Separated by commas")
      ->delimiter(',')
      ->check(CLI::Range(1u, 60'000u));
  app.add_option("--workers", s.workers,
                 "Numbers of workers, separated by commas")
      ->delimiter(',')
      ->check(CLI::Range(1u, 64u));
  app.add_option("--repeat", s.repetitions,
                 "Repetitions; the median is reported")
      ->check(CLI::Range(1u, 1'000u))
      ->capture_default_str();
  app.add_option("--provider", s.provider, "auto, batch, openssl or botan")
      ->capture_default_str();
  app.add_option("--folder", work.folder, "Parent folder of temporary stores")
      ->capture_default_str();
  app.add_option("--only", s.only, "Run only one part")
      ->check(CLI::IsMember({"workers", "feed", "delay", "recovery"}));
  app.add_flag("--json", s.as_json, "Print JSON instead of the table");
  app.add_option("--worker-child", s.child)->group("");
  app.add_flag("--null", s.null_child)->group("");
}

void say(const std::string& what) { fmt::print(stderr, "{}\n", what); }

double us(double seconds, std::uint64_t records) {
  return seconds * 1e6 / static_cast<double>(records);
}

// Alternates both ways, so that both see the same state of the machine.
json compare(const settings& s, const crypto::keyring& keys,
             std::size_t workers, std::uint32_t batch_size) {
  auto w = s.cluster;
  w.work.signers = workers;
  auto unverified = w;
  unverified.verify = false;
  std::vector<double> rates;
  std::vector<double> shares;
  std::vector<double> unverified_shares;
  std::vector<double> coordinator_us;
  std::vector<double> workers_us;
  std::vector<double> single_us;
  for (std::size_t i = 0; i < s.repetitions; ++i) {
    say(fmt::format("{} workers, batch size {}, {} of {}", workers, batch_size,
                    i + 1, s.repetitions));
    const auto before = run_actors(w.work, keys, batch_size);
    const auto cluster = run_cluster(w, keys, batch_size);
    const auto trusting = run_cluster(unverified, keys, batch_size);
    const auto after = run_actors(w.work, keys, batch_size);
    const auto share = [&](const cluster_measure& m) {
      return 2 * m.whole.rate() / (before.rate() + after.rate());
    };
    rates.push_back(cluster.whole.rate());
    shares.push_back(share(cluster));
    unverified_shares.push_back(share(trusting));
    coordinator_us.push_back(
        us(cluster.coordinator_cpu_seconds, w.work.records));
    workers_us.push_back(us(cluster.workers_cpu_seconds, w.work.records));
    single_us.push_back((before.cpu_us() + after.cpu_us()) / 2);
  }
  return {{"workers", workers},
          {"batch_size", batch_size},
          {"records_per_second", median(rates)},
          {"share_of_single_process", median(shares)},
          {"share_without_verifying", median(unverified_shares)},
          {"coordinator_cpu_us", median(coordinator_us)},
          {"workers_cpu_us", median(workers_us)},
          {"single_process_cpu_us", median(single_us)}};
}

json feed(const settings& s, const crypto::keyring& keys,
          std::uint32_t batch_size) {
  auto w = s.cluster;
  w.kind = worker_kind::null;
  w.work.signers = 1;
  w.work.records *= 5;
  std::vector<double> rates;
  std::vector<double> cpu;
  for (std::size_t i = 0; i < s.repetitions; ++i) {
    say(fmt::format("feeding, batch size {}, {} of {}", batch_size, i + 1,
                    s.repetitions));
    const auto m = run_cluster(w, keys, batch_size);
    rates.push_back(m.whole.rate());
    cpu.push_back(us(m.coordinator_cpu_seconds, w.work.records));
  }
  return {{"batch_size", batch_size},
          {"records_per_second", median(rates)},
          {"coordinator_cpu_us", median(cpu)}};
}

// Compares a link with a delay to one without. The relay that adds the delay
// runs in this process.
json delayed(const settings& s, const crypto::keyring& keys) {
  constexpr std::uint32_t batch_size = 1'000;
  auto w = s.cluster;
  w.work.signers = 1;
  auto far = w;
  far.delay = std::chrono::milliseconds(50);
  std::vector<double> rates;
  std::vector<double> shares;
  for (std::size_t i = 0; i < s.repetitions; ++i) {
    say(fmt::format("50 ms each way, {} of {}", i + 1, s.repetitions));
    const auto before = run_cluster(w, keys, batch_size).whole.rate();
    rates.push_back(run_cluster(far, keys, batch_size).whole.rate());
    const auto after = run_cluster(w, keys, batch_size).whole.rate();
    shares.push_back(2 * rates.back() / (before + after));
  }
  return {{"delay_ms", far.delay.count()},
          {"batch_size", batch_size},
          {"records_per_second", median(rates)},
          {"share_of_no_delay", median(shares)}};
}

json recover(const settings& s, const crypto::keyring& keys,
             std::uint32_t lease_ms) {
  auto w = s.cluster;
  w.work.signers = 2;
  w.lease_ms = lease_ms;
  std::vector<double> seconds;
  for (std::size_t i = 0; i < s.repetitions; ++i) {
    say(fmt::format("a worker's death, leases of {} ms, {} of {}", lease_ms,
                    i + 1, s.repetitions));
    seconds.push_back(measure_recovery(w, keys));
  }
  return {{"lease_ms", lease_ms}, {"seconds", median(seconds)}};
}

json measure_all(const settings& s, const crypto::keyring& keys) {
  json found{{"records", s.cluster.work.records},
             {"keys", s.cluster.work.keys},
             {"provider", crypto::to_text(s.cluster.work.provider)},
             {"hardware_threads", std::thread::hardware_concurrency()},
             {"workers", json::array()},
             {"feed", json::array()},
             {"delay", json::array()},
             {"recovery", json::array()}};
  const auto wanted = [&](const char* part) {
    return s.only.empty() || s.only == part;
  };
  for (const auto batch_size : s.batch_sizes) {
    if (wanted("workers"))
      for (const auto workers : s.workers)
        found["workers"].push_back(compare(s, keys, workers, batch_size));
    if (wanted("feed"))
      found["feed"].push_back(feed(s, keys, batch_size));
  }
  if (wanted("delay"))
    found["delay"].push_back(delayed(s, keys));
  if (wanted("recovery"))
    for (const auto lease_ms : s.recovery_lease_ms)
      found["recovery"].push_back(recover(s, keys, lease_ms));
  return found;
}

void print_table(const json& found) {
  fmt::print("{} records, {} keys, {}\n\n", found["records"].get<int>(),
             found["keys"].get<int>(), found["provider"].get<std::string>());
  fmt::print("{:>7} {:>6} {:>10} {:>16} {:>15} {:>15} {:>12} {:>14}\n",
             "workers", "batch", "records/s", "of one process", "not verifying",
             "coordinator us", "workers us", "one process us");
  for (const auto& r : found["workers"])
    fmt::print("{:>7} {:>6} {:>10.0f} {:>16.3f} {:>15.3f} {:>15.2f} {:>12.2f} "
               "{:>14.2f}\n",
               r["workers"].get<int>(), r["batch_size"].get<int>(),
               r["records_per_second"].get<double>(),
               r["share_of_single_process"].get<double>(),
               r["share_without_verifying"].get<double>(),
               r["coordinator_cpu_us"].get<double>(),
               r["workers_cpu_us"].get<double>(),
               r["single_process_cpu_us"].get<double>());
  for (const auto& r : found["feed"])
    fmt::print("\nfed and stored, batch {}: {:.0f} records/s, {:.2f} us of the "
               "coordinator's CPU a record\n",
               r["batch_size"].get<int>(),
               r["records_per_second"].get<double>(),
               r["coordinator_cpu_us"].get<double>());
  for (const auto& r : found["delay"])
    fmt::print("\n{} ms each way to one worker, batch {}: {:.0f} records/s, "
               "{:.3f} of the rate without delay\n",
               r["delay_ms"].get<int>(), r["batch_size"].get<int>(),
               r["records_per_second"].get<double>(),
               r["share_of_no_delay"].get<double>());
  for (const auto& r : found["recovery"])
    fmt::print("\na worker's death with leases of {} ms: its records are "
               "signed by others after {:.2f} s\n",
               r["lease_ms"].get<int>(), r["seconds"].get<double>());
}

int run(settings& s) {
  auto& work = s.cluster.work;
  work.provider = crypto::provider_from_name(s.provider, work.curve);
  if (!s.child.empty())
    return run_worker_child(
        s.child, s.null_child ? worker_kind::null : worker_kind::real,
        work.provider);
  const crypto::keyring keys(work.curve, work.keys, crypto::system_random());
  const auto found = measure_all(s, keys);
  if (s.as_json)
    fmt::print("{}\n", found.dump(2));
  else
    print_table(found);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures a coordinator and its workers");
  settings s;
  s.cluster.work.folder = std::filesystem::temp_directory_path();
  add_options(app, s);
  CLI11_PARSE(app, argc, argv);
  try {
    return run(s);
  } catch (const std::exception& e) {
    fmt::print(stderr, "cluster_benchmark: {}\n", e.what());
    return 1;
  }
}
