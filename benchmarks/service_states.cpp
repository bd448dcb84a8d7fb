// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/service_states.hpp"

#include "apps/folders/data_folder.hpp"
#include "benchmarks/record_jobs.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <ctime>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace chancery::benchmarks {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;
using arguments = std::vector<std::string>;
namespace fs = std::filesystem;

constexpr auto patience = 60s;
constexpr auto settling = 3s; ///< after the last signature
constexpr std::uint64_t first_records = 1'000;

void until(const std::string& what, const std::function<bool()>& is_so) {
  for (const auto end = steady::now() + patience; !is_so();
       std::this_thread::sleep_for(1ms))
    if (steady::now() > end)
      throw std::runtime_error("this never came: " + what);
}

/// The word behind the first `text` in a file; empty until it is there.
std::string word_behind(const fs::path& file, const std::string& text) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line) && !in.eof();)
    if (const auto at = line.find(text); at != std::string::npos)
      return line.substr(at + text.size());
  return {};
}

double cpu_seconds_of(pid_t process) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(process, &clock) != 0 ||
      ::clock_gettime(clock, &time) != 0)
    throw std::runtime_error("the worker has ended");
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_nsec) * 1e-9;
}

std::uint64_t events_in(const fs::path& data) {
  return apps::data_folder(data)
      .open_store(apps::data_folder::access::read, std::nullopt)
      .read()
      .event_count();
}

std::size_t workers_of(apps::http_client& client) {
  const auto answer = client.send("GET", "/v1/signing");
  require_status(answer, 200);
  return nlohmann::json::parse(answer.body).at("workers").size();
}

/// Keys, a data folder, and a certificate for each of the two.
void make_cluster(const fs::path& program, const fs::path& folder) {
  const auto run = [&](arguments more) {
    more.insert(more.begin(), {"--data", (folder / "data").string()});
    run_program(program, more, folder, 0);
  };
  run({"init", "--keys", "100"});
  run({"cluster", "init"});
  for (const std::string role : {"coordinator", "worker"})
    run({"cluster", "issue", role, "--role", role, "--out",
         (folder / role).string()});
  run({"keys", "bundle", "--out", (folder / "bundle").string()});
}

} // namespace

void make_signed_folder(const fs::path& program, const fs::path& data,
                        const fs::path& logs, std::uint64_t keys,
                        std::uint64_t records) {
  const auto run = [&](arguments more) {
    more.insert(more.begin(), {"--data", data.string()});
    run_program(program, more, logs, records);
  };
  run({"init", "--keys", std::to_string(keys)});
  run({"records", "seed", "--count", std::to_string(records)});
  run({"sign"});
}

service_start measure_service_start(const fs::path& program,
                                    const fs::path& data,
                                    const fs::path& logs) {
  const auto begin = steady::now();
  const served_process served(
      program, {"--data", data.string(), "serve", "--http", "127.0.0.1:0"},
      logs);
  service_start start;
  start.first_line_seconds = served.start_seconds();
  apps::http_client client(served.address());
  until("/readyz with 200",
        [&] { return client.send("GET", "/readyz").status == 200; });
  start.ready_seconds =
      std::chrono::duration<double>(steady::now() - begin).count();
  return start;
}

idle_service measure_idle_service(const fs::path& program,
                                  const fs::path& folder, unsigned seconds) {
  make_cluster(program, folder);
  const auto data = folder / "data";
  const served_process served(
      program,
      {"--data", data.string(), "serve", "--http", "127.0.0.1:0", "--workers",
       "127.0.0.1:0", "--workers-cluster", (folder / "coordinator").string()},
      folder);
  const auto place =
      word_behind(folder / "served.err", "workers can connect to ");
  apps::child_process worker(program,
                             {"worker", "--connect", place, "--cluster",
                              (folder / "worker").string(), "--keyring",
                              (folder / "bundle").string()},
                             {folder / "worker.out", folder / "worker.err"});
  apps::http_client client(served.address());
  until("a worker", [&] { return workers_of(client) == 1; });
  post_records(served, make_record_lines(record_names::none, 0, first_records),
               first_records, 1);
  std::this_thread::sleep_for(settling);
  idle_service idle;
  idle.events_before = events_in(data);
  const auto cpu = served.cpu_seconds();
  const auto worker_cpu = cpu_seconds_of(worker.pid());
  std::this_thread::sleep_for(std::chrono::seconds(seconds));
  idle.percent = (served.cpu_seconds() - cpu) * 100 / seconds;
  idle.worker_percent =
      (cpu_seconds_of(worker.pid()) - worker_cpu) * 100 / seconds;
  idle.events_after = events_in(data);
  if (workers_of(client) != 1)
    throw std::runtime_error("the worker has left");
  worker.signal(SIGTERM);
  worker.wait(patience);
  return idle;
}

} // namespace chancery::benchmarks
