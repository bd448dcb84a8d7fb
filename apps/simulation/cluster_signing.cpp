// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/cluster_signing.hpp"

#include "apps/folders/status_file.hpp"
#include "apps/simulation/interruption.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

namespace chancery::apps {

namespace {

using namespace std::chrono_literals;

constexpr auto step_pause = 5ms;
constexpr auto look_period = 200ms;

/// For what a worker has sent to be stored, on this host.
constexpr auto arrival_time = 100ms;

/// No planned kill or stop keeps the cluster from signing for this long.
constexpr auto patience = 5min;

/// Longer than the keyring waits for leases of that length, so that all leases
/// of a stopped worker have expired when it is resumed.
std::chrono::milliseconds stopped_for(std::uint64_t lease_ms) {
  return std::chrono::milliseconds(lease_ms + lease_ms / 10 + 1'000) + 500ms;
}

/// Waits until the worker handles signals: before that, SIGTERM would kill it.
void wait_for_start(simulated_host& host, const std::atomic<bool>& stop) {
  while (!host.word_behind("worker ")) {
    if (const auto code = host.ended())
      host.fail(fmt::format("ended with {} on its own", *code));
    throw_if_stopped(stop);
    std::this_thread::sleep_for(step_pause);
  }
}

} // namespace

cluster_signing::cluster_signing(const simulated_cluster& cluster,
                                 const data_folder& folder,
                                 const storage::record_store& store,
                                 std::vector<planned_kill> plan)
    : cluster_(cluster), folder_(folder), store_(store), plan_(std::move(plan)),
      coordinator_("coordinator", cluster.logs()) {
  for (std::uint64_t i = 0; i < cluster.options().workers; ++i)
    workers_.push_back({{cluster.worker_name(i), cluster.logs()}, {}});
}

cluster_signing_result cluster_signing::run(const std::atomic<bool>& stop) {
  const auto begin = steady::now();
  last_progress_ = begin;
  {
    const progress_line line("signing", [this] {
      return progress_sample{
          .done = stored_,
          .total = cluster_.options().records,
          .more = fmt::format("{} of {} workers up, {} of {} kills", up_.load(),
                              workers_.size(), kills_.load(), plan_.size())};
    });
    while (step()) {
      throw_if_stopped(stop);
      std::this_thread::sleep_for(step_pause);
    }
  }
  result_.seconds =
      std::chrono::duration<double>(steady::now() - begin).count();
  end_workers(stop);
  return result_;
}

/// Returns false when all is signed.
bool cluster_signing::step() {
  look_for_progress();
  look_at_coordinator();
  if (done_)
    return false;
  if (port_ != 0)
    for (std::uint64_t i = 0; i < workers_.size(); ++i)
      look_at_worker(i);
  harm_next();
  up_ = workers_up();
  return true;
}

std::uint64_t cluster_signing::workers_up() const {
  return static_cast<std::uint64_t>(
      std::count_if(workers_.begin(), workers_.end(), [](const auto& worker) {
        return worker.host.up() && !worker.host.paused();
      }));
}

void cluster_signing::look_for_progress() {
  const auto now = steady::now();
  const auto stored = store_.read().signature_count();
  if (stored_.exchange(stored) != stored)
    last_progress_ = now;
  else if (now - last_progress_ > patience)
    coordinator_.fail("stored nothing for five minutes");
}

void cluster_signing::look_at_coordinator() {
  if (const auto code = coordinator_.ended()) {
    if (*code != 0)
      coordinator_.fail(fmt::format("ended with {}", *code));
    result_.late_results +=
        coordinator_.answer().value("late_results", std::uint64_t{0});
    done_ = true;
    return;
  }
  if (!coordinator_.up()) {
    if (steady::now() >= coordinator_back_)
      start_coordinator();
    return;
  }
  if (port_ == 0)
    if (const auto port =
            coordinator_.word_behind("workers can connect to 127.0.0.1:"))
      port_ = static_cast<std::uint16_t>(std::stoul(*port));
  if (steady::now() - last_look_ >= look_period)
    listen_to_coordinator();
}

void cluster_signing::start_coordinator() {
  stored_at_start_ = stored_;
  late_in_this_life_ = 0;
  coordinator_.start(cluster_.coordinator(port_));
}

void cluster_signing::listen_to_coordinator() {
  last_look_ = steady::now();
  if (const auto status =
          read_status_file(folder_.status_path(), coordinator_.pid()))
    late_in_this_life_ = status->value("late_results", std::uint64_t{0});
}

void cluster_signing::look_at_worker(std::uint64_t i) {
  auto& [host, back] = workers_[i];
  if (const auto code = host.ended())
    host.fail(fmt::format("ended with {} on its own", *code));
  if (steady::now() < back)
    return;
  if (!host.up())
    host.start(cluster_.worker(i, port_));
  else if (host.paused())
    host.resume();
}

void cluster_signing::harm_next() {
  if (stopping_ != nullptr)
    return count_stop();
  if (next_ == plan_.size() || stored_ < plan_[next_].records ||
      !coordinator_.up() || stored_ == stored_at_start_)
    return;
  const auto& kill = plan_[next_];
  if (kill.kind == harm::kill_coordinator)
    kill_coordinator(kill);
  else if (!harm_worker(kill))
    return; // try again when one is back and holds leases
  if (stopping_ == nullptr)
    count_harm();
}

void cluster_signing::count_harm() {
  if (stored_ < cluster_.options().records)
    ++result_.while_signing;
  ++next_;
  ++kills_;
}

/// A worker that is up and holds leases.
cluster_signing::worker_host*
cluster_signing::worker_to_harm(std::uint64_t draw) {
  leases_.look(store_);
  std::vector<worker_host*> able;
  for (auto& worker : workers_)
    if (worker.host.up() && !worker.host.paused() &&
        leases_.of(worker.host.name()) > 0)
      able.push_back(&worker);
  return able.empty() ? nullptr : able[draw % able.size()];
}

bool cluster_signing::harm_worker(const planned_kill& kill) {
  auto* const worker = worker_to_harm(kill.draw);
  if (worker == nullptr)
    return false;
  auto& [host, back] = *worker;
  back = steady::now() + kill.away;
  if (kill.kind == harm::kill_worker) {
    host.kill();
    ++result_.workers_killed;
    return true;
  }
  host.pause();
  stopping_ = worker;
  stopped_at_ = steady::now();
  back += stopped_for(cluster_.options().lease_ms);
  return true;
}

/// A stop counts when what the worker had sent before has arrived and leases
/// are out all the same. Otherwise it goes on, and the next moment is tried.
void cluster_signing::count_stop() {
  if (steady::now() - stopped_at_ < arrival_time)
    return;
  auto& [host, back] = *std::exchange(stopping_, nullptr);
  leases_.look(store_);
  if (leases_.of(host.name()) == 0) {
    host.resume();
    return;
  }
  ++result_.workers_stopped;
  count_harm();
}

void cluster_signing::kill_coordinator(const planned_kill& kill) {
  listen_to_coordinator();
  coordinator_.kill();
  coordinator_back_ = steady::now() + kill.away;
  result_.late_results += late_in_this_life_;
  ++result_.coordinators_killed;
}

void cluster_signing::end_workers(const std::atomic<bool>& stop) {
  for (auto& [host, back] : workers_) {
    if (!host.up())
      continue;
    if (host.paused())
      host.resume();
    wait_for_start(host, stop);
    host.end(0, stop);
    result_.late_units += host.answer().value("units_late", std::uint64_t{0});
  }
}

} // namespace chancery::apps
