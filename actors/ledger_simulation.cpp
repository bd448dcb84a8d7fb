// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger_simulation.hpp"

#include "actors/client.hpp"
#include "actors/ledger_system.hpp"
#include "actors/wall_clock.hpp"
#include "crypto/random.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

namespace chancery::actors {

namespace {

using steady = std::chrono::steady_clock;

std::uint64_t messages_of_a_client(const ledger_simulation_options& o) {
  return static_cast<std::uint64_t>(std::llround(o.rate * o.duration));
}

void check(const ledger_simulation_options& o) {
  const auto positive = [](double v) { return std::isfinite(v) && v > 0; };
  if (o.clients == 0 || o.clients > ledger_clients_max)
    throw std::invalid_argument(
        fmt::format("the number of clients is 1 to {}", ledger_clients_max));
  if (!positive(o.rate) || !positive(o.duration) || !positive(o.speed))
    throw std::invalid_argument("rate, duration and speed are above 0");
  if (o.rate * o.duration * static_cast<double>(o.clients) > 1e8)
    throw std::invalid_argument("that is more than 100 million messages");
  if (messages_of_a_client(o) == 0)
    throw std::invalid_argument("rate and duration give no message at all");
}

// The clients' shares of an interval: they do not all send at once.
client_config config_of(std::size_t index, const ledger_simulation_options& o,
                        const crypto::node_keys& node,
                        ledger_progress& progress) {
  const std::chrono::duration<double> interval(1 / (o.rate * o.speed));
  client_config config;
  config.session = std::make_shared<client_session>(
      crypto::private_key::generate(crypto::curve::p256,
                                    crypto::system_random()),
      node);
  config.messages = messages_of_a_client(o);
  config.interval =
      std::chrono::duration_cast<std::chrono::nanoseconds>(interval);
  config.first_after =
      config.interval * static_cast<long>(index) / static_cast<long>(o.clients);
  config.body_size = o.body_size;
  config.wall_clock_ms = wall_clock_ms;
  config.progress = &progress;
  return config;
}

double ms_at(const std::vector<std::uint64_t>& sorted_us, double share) {
  if (sorted_us.empty())
    return 0;
  const auto last = static_cast<double>(sorted_us.size() - 1);
  const auto at = static_cast<std::size_t>(std::llround(share * last));
  return static_cast<double>(sorted_us[at]) / 1'000;
}

// Adds up what the clients report, in an actor that they answer to.
class collection {
 public:
  void add(const client_report& r) {
    sum.sent += r.sent;
    sum.accepted += r.accepted;
    sum.refused += r.refused;
    sum.again += r.again;
    latencies.insert(latencies.end(), r.latencies_us.begin(),
                     r.latencies_us.end());
    for (std::size_t i = 0; i < r.indexes.size(); ++i)
      sum.receipts.push_back(
          {r.indexes[i],
           id_of_bytes(std::string_view(r.leaves).substr(32 * i, 32))});
    if (failure.empty())
      failure = r.failure;
  }

  ledger_simulation_result sum;
  std::vector<std::uint64_t> latencies;
  std::string failure;
  std::size_t open = 0;
  std::promise<void> done;
};

void run_clients(caf::event_based_actor* self,
                 const std::vector<client_actor>& clients,
                 const std::shared_ptr<collection>& all) {
  all->open = clients.size();
  const auto close = [self, all] {
    if (--all->open == 0) {
      all->done.set_value();
      self->quit();
    }
  };
  for (const auto& c : clients)
    self->request(c, caf::infinite, run_atom_v)
        .then(
            [all, close](const client_report& r) {
              all->add(r);
              close();
            },
            [all, close](const caf::error& e) {
              if (all->failure.empty())
                all->failure = "a client ended: " + sentence(e);
              close();
            });
}

} // namespace

ledger_simulation_result
simulate_ledger(storage::ledger_store& store,
                const crypto::node_identity& identity,
                const ledger_simulation_options& options,
                const std::atomic<bool>& stop, ledger_progress& progress) {
  check(options);
  ledger_system ledger(store, identity, options.node,
                       std::max(1U, std::thread::hardware_concurrency()));
  const auto node = read_node_keys(ledger.keys(), std::nullopt);
  std::vector<client_actor> clients;
  for (std::size_t i = 0; i < options.clients; ++i)
    clients.push_back(ledger.system().spawn(
        client, config_of(i, options, node, progress), ledger.node()));

  const auto all = std::make_shared<collection>();
  const auto done = all->done.get_future();
  const auto began = steady::now();
  ledger.system().spawn(
      [&](caf::event_based_actor* self) { run_clients(self, clients, all); });
  bool draining = false;
  while (done.wait_for(std::chrono::milliseconds(20)) !=
         std::future_status::ready) {
    progress.blocks = ledger.tally().blocks.load();
    if (stop && !std::exchange(draining, true))
      for (const auto& c : clients)
        caf::anon_send(c, drain_atom_v);
  }
  progress.blocks = ledger.tally().blocks.load();
  if (!all->failure.empty())
    throw std::runtime_error(all->failure);

  auto result = std::move(all->sum);
  result.seconds = std::chrono::duration<double>(steady::now() - began).count();
  std::sort(all->latencies.begin(), all->latencies.end());
  result.latency_ms_p50 = ms_at(all->latencies, 0.5);
  result.latency_ms_p99 = ms_at(all->latencies, 0.99);
  result.stopped = draining;
  result.node = ledger.counters();
  return result;
}

} // namespace chancery::actors
