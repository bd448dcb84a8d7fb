// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/cluster_workload.hpp"

#include "crypto/base/random.hpp"
#include "crypto/keyring/keyring_bundle.hpp"
#include "tests/defence_switch.hpp"
#include "tests/e2e/plain_worker.hpp"
#include "tests/e2e/slow_line.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace chancery::benchmarks {

namespace {

using steady = std::chrono::steady_clock;

const std::string loopback = "127.0.0.1";

constexpr std::string_view passphrase = "benchmark";

/// Units that a null worker keeps in flight.
constexpr unsigned null_units = 6;

void write(const std::filesystem::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The files of a worker's host, and the coordinator's credentials.
class cluster_files {
 public:
  cluster_files(const cluster_workload& w, const crypto::keyring& keys,
                const crypto::random_id& folder)
      : path_(new_folder(w.work.folder)) {
    const auto& random = crypto::system_random();
    const auto now = std::chrono::system_clock::now();
    const crypto::keyring authority(crypto::curve::p256, 1, random);
    const auto& key = authority.keys()[0].key;
    const auto pem = crypto::make_authority_certificate(key, now, random);
    const auto issue = [&](std::string_view name, crypto::host_role role) {
      return crypto::issue_host_certificate(key, pem, name, role, now,
                                            std::chrono::days(1), random);
    };
    coordinator = issue("coordinator", crypto::host_role::coordinator);
    const auto worker = issue("worker", crypto::host_role::worker);
    write(path_ / "ca.pem", worker.authority_pem);
    write(path_ / "host.pem", worker.certificate_pem);
    write(path_ / "host.key", worker.key_pem);
    write(path_ / "bundle",
          crypto::seal_bundle(keys, folder, passphrase, random));
  }
  cluster_files(const cluster_files&) = delete;
  cluster_files& operator=(const cluster_files&) = delete;
  ~cluster_files() { std::filesystem::remove_all(path_); }

  std::string folder() const { return path_.string(); }

  crypto::host_credentials coordinator;

 private:
  std::filesystem::path path_;
};

// One worker process. It prints a line when it is ready, reads the port, works,
// and prints the CPU seconds of the work.
class worker_process {
 public:
  worker_process(const cluster_workload& w, const std::string& folder) {
    int to[2];
    int from[2];
    if (::pipe(to) != 0 || ::pipe(from) != 0)
      throw std::runtime_error("cannot create a pipe");
    pid_ = ::fork();
    if (pid_ < 0)
      throw std::runtime_error("cannot fork");
    if (pid_ == 0)
      run(w, folder, to, from);
    ::close(to[0]);
    ::close(from[1]);
    in_ = ::fdopen(to[1], "w");
    out_ = ::fdopen(from[0], "r");
  }
  worker_process(const worker_process&) = delete;
  worker_process& operator=(const worker_process&) = delete;
  ~worker_process() {
    if (pid_ > 0) {
      kill();
      ::waitpid(pid_, nullptr, 0);
    }
    std::fclose(in_);
    std::fclose(out_);
  }

  void await_ready() { line(); }

  void connect_to(std::uint16_t port) {
    fmt::print(in_, "{}\n", port);
    std::fflush(in_);
  }

  /// Waits for the process to end and returns the CPU seconds of its work.
  double finish() {
    const auto seconds = std::stod(line());
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    if (status != 0)
      throw std::runtime_error("a worker failed");
    return seconds;
  }

  void kill() { ::kill(pid_, SIGKILL); }

 private:
  [[noreturn]] static void run(const cluster_workload& w,
                               const std::string& folder, const int* to,
                               const int* from) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(to[0], STDIN_FILENO);
    ::dup2(from[1], STDOUT_FILENO);
    for (const int fd : {to[0], to[1], from[0], from[1]})
      ::close(fd);
    std::vector<std::string> words{
        std::filesystem::read_symlink("/proc/self/exe"),
        "--worker-child=" + folder,
        "--provider=" + std::string(crypto::to_text(w.work.provider))};
    if (w.kind == worker_kind::null)
      words.push_back("--null");
    std::vector<char*> argv;
    for (auto& word : words)
      argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }

  std::string line() {
    std::string text;
    for (int c = std::fgetc(out_); c != '\n'; c = std::fgetc(out_)) {
      if (c == EOF)
        throw std::runtime_error("a worker ended early");
      text += static_cast<char>(c);
    }
    return text;
  }

  pid_t pid_ = 0;
  std::FILE* in_ = nullptr;
  std::FILE* out_ = nullptr;
};

using worker_processes = std::vector<std::unique_ptr<worker_process>>;

worker_processes start_workers(const cluster_workload& w,
                               const std::string& folder) {
  worker_processes workers;
  for (std::size_t i = 0; i < w.work.signers; ++i)
    workers.push_back(std::make_unique<worker_process>(w, folder));
  for (const auto& worker : workers)
    worker->await_ready();
  return workers;
}

actors::signing_options options_for(const cluster_workload& w,
                                    std::uint32_t batch_size,
                                    const cluster_files& files,
                                    const worker_processes& workers,
                                    std::optional<tests::slow_line>& line) {
  auto options = benchmarks::options_for(w.work, batch_size);
  options.signers = 0;
  actors::coordinator_options cluster;
  cluster.credentials = files.coordinator;
  cluster.address = loopback;
  cluster.ttl_ms = w.lease_ms;
  cluster.software = "cluster_benchmark";
  cluster.verifiers = std::thread::hardware_concurrency();
  tests::defence_switch::remote_units(cluster.defended) =
      w.verify && w.kind == worker_kind::real;
  cluster.note = [](const std::string&) {};
  cluster.listening = [&](std::uint16_t port) {
    if (w.delay.count() > 0)
      port =
          line.emplace(tests::slow_line::options{.to = port, .delay = w.delay})
              .port();
    for (const auto& worker : workers)
      worker->connect_to(port);
  };
  options.cluster = std::move(cluster);
  return options;
}

} // namespace

cluster_measure run_cluster(const cluster_workload& w,
                            const crypto::keyring& keys,
                            std::uint32_t batch_size) {
  filled_store filled(w.work);
  const cluster_files files(w, keys, filled.store().info().folder_id);
  const auto workers = start_workers(w, files.folder());
  std::optional<tests::slow_line> line;
  const auto options = options_for(w, batch_size, files, workers, line);
  actors::signing_progress progress;
  const std::atomic<bool> never{false};
  const stopwatch watch;
  actors::run_signing(filled.store(), keys, options, never, progress);
  cluster_measure m;
  m.whole = watch.stop(w.work.records);
  m.whole.commits = progress.commits;
  m.coordinator_cpu_seconds = m.whole.cpu_seconds;
  for (const auto& worker : workers)
    m.workers_cpu_seconds += worker->finish();
  m.whole.cpu_seconds += m.workers_cpu_seconds;
  filled.require_signed(w.work, keys);
  return m;
}

double measure_recovery(const cluster_workload& w,
                        const crypto::keyring& keys) {
  constexpr std::uint32_t batch_size = 100;
  filled_store filled(w.work);
  const cluster_files files(w, keys, filled.store().info().folder_id);
  const auto workers = start_workers(w, files.folder());
  std::optional<tests::slow_line> line;
  const auto options = options_for(w, batch_size, files, workers, line);
  actors::signing_progress progress;
  const std::atomic<bool> never{false};
  steady::time_point died;
  std::thread killer([&] {
    while (progress.stored < w.work.records * 4 / 5)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    workers.front()->kill();
    died = steady::now();
  });
  actors::run_signing(filled.store(), keys, options, never, progress);
  const auto ended = steady::now();
  killer.join();
  filled.require_signed(w.work, keys);
  return std::chrono::duration<double>(ended - died).count();
}

// The digests twice, in place of signatures.
static actors::work_request unsigned_unit(const actors::work_answer& a) {
  actors::work_request request;
  request.signatures = a.digests + a.digests;
  request.batches = a.batches;
  request.returned = a.leases;
  return request;
}

int run_worker_child(const std::string& folder, worker_kind kind,
                     crypto::provider provider) {
  const std::filesystem::path path(folder);
  const auto bundle = crypto::open_bundle(read(path / "bundle"), passphrase);
  actors::worker_options options;
  options.credentials.authority_pem = read(path / "ca.pem");
  options.credentials.certificate_pem = read(path / "host.pem");
  options.credentials.key_pem = read(path / "host.key");
  options.host = loopback;
  options.provider = provider;
  options.once = true;
  options.note = [](const std::string&) {};
  fmt::print("ready\n");
  std::fflush(stdout);
  unsigned port = 0;
  std::cin >> port;
  options.port = static_cast<std::uint16_t>(port);
  const stopwatch watch;
  if (kind == worker_kind::null) {
    tests::run_plain_worker(bundle.keys, bundle.folder, options, null_units,
                            unsigned_unit);
  } else {
    actors::worker_progress progress;
    const std::atomic<bool> never{false};
    actors::run_worker(bundle.keys, bundle.folder, options, never, progress);
  }
  fmt::print("{}\n", watch.stop(1).cpu_seconds);
  return 0;
}

} // namespace chancery::benchmarks
