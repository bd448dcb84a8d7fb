// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/http_fleet.hpp"

#include "actors/base/threads.hpp"
#include "actors/ledger/client_session.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/random.hpp"
#include "crypto/ledger/block.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <fmt/format.h>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <vector>

namespace chancery::apps {

namespace {

using steady = std::chrono::steady_clock;
using seconds_double = std::chrono::duration<double>;

constexpr int attempts_max = 5; // of one message
constexpr std::chrono::milliseconds nap{20};
const http_fields jose_field{{"Content-Type", "application/jose"}};

/// The sum over all clients; any thread.
class http_tally {
 public:
  void accept(const crypto::receipt& receipt, seconds_double latency) {
    const std::scoped_lock lock(mutex_);
    ++sum_.accepted;
    sum_.receipts.push_back({receipt.index, receipt.leaf});
    latencies_.push_back(latency.count() * 1'000);
  }
  void refuse() {
    const std::scoped_lock lock(mutex_);
    ++sum_.refused;
  }
  void again() {
    const std::scoped_lock lock(mutex_);
    ++sum_.again;
  }
  void leave(std::uint64_t sent, std::uint64_t unsent,
             const std::string& failure) {
    const std::scoped_lock lock(mutex_);
    sum_.sent += sent;
    sum_.unsent += unsent;
    if (failure.empty())
      return;
    ++sum_.failures;
    if (sum_.failure.empty())
      sum_.failure = failure;
  }

  actors::client_load_result take() {
    std::ranges::sort(latencies_);
    sum_.latency_ms_p50 = at(0.5);
    sum_.latency_ms_p99 = at(0.99);
    sum_.latency_ms_max = at(1);
    return std::move(sum_);
  }

 private:
  double at(double share) const {
    if (latencies_.empty())
      return 0;
    const auto last = static_cast<double>(latencies_.size() - 1);
    return latencies_[static_cast<std::size_t>(std::lround(share * last))];
  }

  std::mutex mutex_;
  actors::client_load_result sum_;
  std::vector<double> latencies_; // ms
};

struct http_run {
  const http_client_options& server;
  const crypto::node_keys& node;
  const actors::client_load& load;
  const std::atomic<bool>& stop;
  actors::ledger_progress& progress;
  http_tally& tally;
  steady::time_point begin = steady::now();
};

/// One client; its thread calls run().
class http_sender {
 public:
  http_sender(const http_run& run, std::size_t number)
      : run_(run), number_(number), http_(run.server),
        session_(crypto::private_key::generate(crypto::curve::p256,
                                               crypto::system_random()),
                 run.node, run.load.provider) {}

  void run() noexcept {
    const auto wanted = static_cast<std::uint64_t>(
        std::llround(run_.load.rate * run_.load.duration));
    std::string failure;
    try {
      join();
      while (sent_ < wanted && wait_for_turn())
        send_one();
    } catch (const std::exception& e) {
      failure = e.what();
    }
    run_.tally.leave(sent_, wanted - sent_, failure);
  }

 private:
  void join() {
    const auto answer = http_.send("POST", "/v1/clients", jose_field,
                                   session_.registration(now_ms()));
    if (answer.status != 201)
      throw std::runtime_error(
          fmt::format("the registration was answered with {}: {}",
                      answer.status, answer.body));
  }

  /// Clients begin one after the other within the first interval. False when
  /// the run was stopped.
  bool wait_for_turn() {
    const auto& load = run_.load;
    const double interval = 1 / (load.rate * load.speed);
    const double part =
        static_cast<double>(number_) / static_cast<double>(load.clients);
    const auto due =
        run_.begin +
        std::chrono::duration_cast<steady::duration>(
            seconds_double(interval * (static_cast<double>(sent_) + part)));
    while (!run_.stop && steady::now() < due)
      std::this_thread::sleep_until(std::min(due, steady::now() + nap));
    return !run_.stop;
  }

  void send_one() {
    const auto begin = steady::now();
    auto text = session_.seal(body(), now_ms());
    ++sent_;
    ++run_.progress.sent;
    for (int attempt = 1;; ++attempt) {
      const auto answer = post(text, attempt);
      if (answer && answer->status == 201)
        return take(*answer, steady::now() - begin);
      if (answer && answer->status != 503) {
        session_.forget();
        ++run_.progress.refused;
        return run_.tally.refuse();
      }
      if (attempt == attempts_max)
        throw std::runtime_error("the server does not answer");
      run_.tally.again();
      std::this_thread::sleep_for(run_.load.busy_pause);
      text = session_.seal_again();
    }
  }

  /// Nothing when the connection broke, which a later attempt opens again.
  std::optional<http_response> post(const std::string& text, int attempt) {
    try {
      return http_.send("POST", "/v1/messages", jose_field, text);
    } catch (const std::runtime_error&) {
      if (attempt == attempts_max)
        throw;
      return std::nullopt;
    }
  }

  void take(const http_response& answer, seconds_double latency) {
    const auto json = nlohmann::json::parse(answer.body);
    const auto receipt =
        session_.accept(json.at("receipt").get_ref<const std::string&>());
    ++run_.progress.accepted;
    if (receipt.block)
      run_.progress.blocks = std::max<std::uint64_t>(run_.progress.blocks,
                                                     receipt.block->index + 1);
    run_.tally.accept(receipt, latency);
  }

  std::string body() const {
    return fmt::format(R"({{"client":{},"reading":{},"note":"{:x<{}}"}})",
                       number_, sent_, "", run_.load.body_size);
  }

  const http_run& run_;
  const std::size_t number_;
  http_client http_;
  actors::client_session session_;
  std::uint64_t sent_ = 0;
};

crypto::node_keys keys_of(const http_client_options& server,
                          const crypto::key_id& node,
                          crypto::provider verifying) {
  const auto answer = http_client(server).send("GET", "/v1/node");
  if (answer.status != 200)
    throw std::runtime_error(
        fmt::format("the server answered {} for /v1/node", answer.status));
  const auto json = nlohmann::json::parse(answer.body);
  return actors::read_node_keys(json.at("keys").get_ref<const std::string&>(),
                                node, verifying);
}

} // namespace

actors::client_load_result send_over_http(const http_client_options& server,
                                          const crypto::key_id& node,
                                          const actors::client_load& load,
                                          const std::atomic<bool>& stop,
                                          actors::ledger_progress& progress) {
  actors::check(load);
  if (load.clients > http_clients_max)
    throw std::invalid_argument("at most 1,000 clients can speak HTTP");
  const auto keys = keys_of(server, node, load.provider);
  http_tally tally;
  const http_run run{server, keys, load, stop, progress, tally};
  std::vector<std::unique_ptr<http_sender>> senders;
  for (std::size_t i = 0; i < load.clients; ++i)
    senders.push_back(std::make_unique<http_sender>(run, i));
  {
    std::vector<std::jthread> threads;
    threads.reserve(senders.size());
    for (const auto& sender : senders)
      threads.push_back(actors::start_thread<std::jthread>(
          [one = sender.get()] { one->run(); }));
  }
  auto result = tally.take();
  result.seconds = seconds_double(steady::now() - run.begin).count();
  result.stopped = stop;
  return result;
}

} // namespace chancery::apps
