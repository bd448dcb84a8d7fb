// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/client_fleet.hpp"

#include "actors/base/quiet.hpp"
#include "actors/base/wall_clock.hpp"
#include "actors/ledger/client.hpp"
#include "actors/ledger/client_sealer.hpp"
#include "crypto/base/random.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

namespace chancery::actors {

namespace {

using steady = std::chrono::steady_clock;

std::uint64_t messages_of_a_client(const client_load& load) {
  return static_cast<std::uint64_t>(std::llround(load.rate * load.duration));
}

/// So many clients share a sealer. Fewer do their own arithmetic.
constexpr std::size_t clients_of_a_sealer = 16;

// At most one for each processor.
std::vector<client_sealer_actor> spawn_sealers(caf::actor_system& system,
                                               std::size_t clients,
                                               const crypto::node_keys& node) {
  const auto count =
      std::min<std::size_t>(clients / clients_of_a_sealer,
                            std::max(1U, std::thread::hardware_concurrency()));
  std::vector<client_sealer_actor> sealers;
  if (count == 0)
    return sealers;
  const auto fastest = crypto::provider_from_name("auto", crypto::curve::p256);
  for (std::size_t i = 0; i < count; ++i)
    sealers.push_back(system.spawn(client_sealer, node, fastest));
  return sealers;
}

// Spreads the clients' first messages over an interval.
client_config config_of(std::size_t index, const client_load& load,
                        const crypto::node_keys& node,
                        ledger_progress& progress) {
  const std::chrono::duration<double> interval(1 / (load.rate * load.speed));
  client_config config;
  config.session = std::make_shared<client_session>(
      crypto::private_key::generate(crypto::curve::p256,
                                    crypto::system_random()),
      node, load.provider);
  config.messages = messages_of_a_client(load);
  config.interval =
      std::chrono::duration_cast<std::chrono::nanoseconds>(interval);
  config.first_after = config.interval * static_cast<long>(index) /
                       static_cast<long>(load.clients);
  config.busy_pause = load.busy_pause;
  config.body_size = load.body_size;
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

using collector_actor = caf::typed_actor<
    // Runs the clients, and quits when all have reported.
    caf::reacts_to<run_atom>>;

// Adds up the clients' reports, in the actor that requests them.
class collection {
 public:
  void add(const client_report& r) {
    sum_.sent += r.sent;
    sum_.accepted += r.accepted;
    sum_.refused += r.refused;
    sum_.again += r.again;
    latencies_.insert(latencies_.end(), r.latencies_us.begin(),
                      r.latencies_us.end());
    std::string_view leaves = r.leaves;
    for (const auto index : r.indexes) {
      const auto leaf = id_of_bytes(leaves.substr(0, 32));
      if (!leaf) {
        add_failure("a client reported fewer leaves than messages");
        break;
      }
      sum_.receipts.push_back({index, *leaf});
      leaves.remove_prefix(32);
    }
    if (!r.failure.empty())
      add_failure(r.failure);
  }

  void add_failure(std::string why) {
    ++sum_.failures;
    if (sum_.failure.empty())
      sum_.failure = std::move(why);
  }

  void run(collector_actor::pointer self,
           const std::vector<client_actor>& clients) {
    open_ = clients.size();
    for (const auto& c : clients)
      self->request(c, caf::infinite, run_atom_v)
          .then(
              [this, self](const client_report& r) {
                add(r);
                close(self);
              },
              [this, self](const caf::error& e) {
                add_failure("a client ended: " + sentence(e));
                close(self);
              });
  }

  std::future<void> done() { return done_.get_future(); }

  client_load_result result() {
    std::sort(latencies_.begin(), latencies_.end());
    sum_.latency_ms_p50 = ms_at(latencies_, 0.5);
    sum_.latency_ms_p99 = ms_at(latencies_, 0.99);
    sum_.latency_ms_max = ms_at(latencies_, 1);
    return std::move(sum_);
  }

 private:
  void close(collector_actor::pointer self) {
    if (--open_ > 0)
      return;
    self->quit();
    done_.set_value();
  }

  client_load_result sum_;
  std::vector<std::uint64_t> latencies_;
  std::size_t open_ = 0;
  std::promise<void> done_;
};

/// When the last message is due.
std::chrono::duration<double> length_of(const client_load& load) {
  const auto messages = static_cast<double>(messages_of_a_client(load));
  return std::chrono::duration<double>(
      std::max(load.duration, messages / load.rate) / load.speed);
}

collector_actor::behavior_type
collector(collector_actor::pointer self,
          const std::shared_ptr<collection>& reports,
          const std::vector<client_actor>& clients) {
  keep_quiet(self);
  return {[=](run_atom) { reports->run(self, clients); }};
}

// Polled by the caller. Drains the clients when `stop` is set, and a second
// time, which no longer waits for answers, when the patience is over. Without a
// stop it does both when the last message is due and no answer has come for as
// long.
class drainer {
 public:
  drainer(const std::vector<client_actor>& clients, const client_load& load,
          const ledger_progress& progress)
      : clients_(clients), progress_(progress), patience_(load.patience),
        waits_from_(
            steady::now() +
            std::chrono::duration_cast<steady::duration>(length_of(load))) {}

  void look(const std::atomic<bool>& stop) {
    if (over_)
      return;
    const auto now = steady::now();
    if (stop && !stopped_) {
      stopped_ = true;
      waits_from_ = now;
      drain();
    }
    if (const auto answers = progress_.accepted + progress_.refused;
        std::exchange(answers_, answers) != answers && !stopped_)
      waits_from_ = std::max(waits_from_, now);
    if (patience_ && now - waits_from_ >= *patience_)
      give_up();
  }

  bool stopped() const { return stopped_; }
  bool given_up() const { return over_ && !stopped_; }

 private:
  void give_up() {
    over_ = true;
    if (!stopped_)
      drain();
    drain();
  }

  void drain() const {
    for (const auto& c : clients_)
      caf::anon_send(c, drain_atom_v);
  }

  const std::vector<client_actor>& clients_;
  const ledger_progress& progress_;
  std::optional<std::chrono::milliseconds> patience_;
  /// The stop, or the later of the last due time and the last answer.
  steady::time_point waits_from_;
  std::uint64_t answers_ = 0;
  bool stopped_ = false;
  bool over_ = false;
};

} // namespace

void check(const client_load& load) {
  const auto positive = [](double v) { return std::isfinite(v) && v > 0; };
  if (load.clients == 0 || load.clients > ledger_clients_max)
    throw std::invalid_argument(fmt::format(
        "the number of clients must be 1 to {}", ledger_clients_max));
  if (!positive(load.rate) || !positive(load.duration) || !positive(load.speed))
    throw std::invalid_argument("rate, duration and speed must be above 0");
  if (load.rate * load.duration * static_cast<double>(load.clients) > 1e8)
    throw std::invalid_argument(
        "clients, rate and duration give more than 100 million messages");
  if (messages_of_a_client(load) == 0)
    throw std::invalid_argument("rate and duration give no message");
}

client_load_result
run_client_fleet(caf::actor_system& system, const node_actor& node,
                 const crypto::node_keys& keys, const client_load& load,
                 const std::atomic<bool>& stop, ledger_progress& progress,
                 const std::function<void()>& watch) {
  check(load);
  std::vector<client_actor> clients;
  const auto sealers = spawn_sealers(system, load.clients, keys);
  for (std::size_t i = 0; i < load.clients; ++i) {
    auto config = config_of(i, load, keys, progress);
    if (!sealers.empty())
      config.sealer = sealers[i % sealers.size()];
    clients.push_back(system.spawn(client, std::move(config), node));
  }
  const auto all = std::make_shared<collection>();
  const auto done = all->done();
  const auto began = steady::now();
  caf::anon_send(system.spawn(collector, all, clients), run_atom_v);
  drainer draining(clients, load, progress);
  while (done.wait_for(std::chrono::milliseconds(20)) !=
         std::future_status::ready) {
    watch();
    draining.look(stop);
  }
  watch();
  auto result = all->result();
  result.seconds = std::chrono::duration<double>(steady::now() - began).count();
  result.stopped = draining.stopped();
  result.given_up = draining.given_up();
  result.unsent = load.clients * messages_of_a_client(load) - result.sent;
  return result;
}

} // namespace chancery::actors
