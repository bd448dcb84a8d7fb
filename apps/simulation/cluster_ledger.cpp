// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/cluster_ledger.hpp"

#include "apps/folders/ledger_folder.hpp"
#include "apps/simulation/interruption.hpp"
#include "apps/terminal/progress_line.hpp"
#include "crypto/jose/json_members.hpp"

#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <stdexcept>
#include <thread>

namespace chancery::apps {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr std::uint64_t clients = 10;
constexpr double rate = 20; ///< messages per client and second
constexpr double duration = 6;
constexpr auto request_pause = 20ms;
constexpr auto away = 300ms;

std::uint64_t messages() {
  return clients * static_cast<std::uint64_t>(std::llround(rate * duration));
}

void sleep_or_stop(const std::atomic<bool>& stop) {
  throw_if_stopped(stop);
  std::this_thread::sleep_for(request_pause);
}

class ledger_run {
 public:
  ledger_run(const simulated_cluster& cluster, const std::atomic<bool>& stop)
      : cluster_(cluster), stop_(stop), node_("node", cluster.logs()),
        clients_("clients", cluster.logs()) {}

  cluster_ledger_result run(bool kill) {
    const auto begin = steady::now();
    start_node();
    clients_.start(cluster_.clients(port_, clients, rate, duration));
    watch(kill);
    node_.end(0, stop_);
    result_.clients = clients;
    result_.sent = clients_.answer();
    result_.chain = cluster_.run("chain-verify", {"chain", "verify"}, stop_);
    result_.seconds =
        std::chrono::duration<double>(steady::now() - begin).count();
    return result_;
  }

 private:
  void start_node() {
    node_.start(cluster_.node(port_));
    for (;;) {
      if (const auto port = node_.word_behind("listening on 127.0.0.1:")) {
        port_ = static_cast<std::uint16_t>(std::stoul(*port));
        return;
      }
      require_node();
      sleep_or_stop(stop_);
    }
  }

  void require_node() {
    if (const auto code = node_.ended())
      node_.fail(fmt::format("ended with {} on its own", *code));
  }

  std::uint64_t stored() const { return ledger_->read().message_count(); }

  /// Returns when the clients have all their receipts.
  void watch(bool kill) {
    ledger_.emplace(ledger_folder(cluster_.data()).open_to_read(std::nullopt));
    std::mt19937_64 random(cluster_.options().seed);
    // Between a fifth and three fifths of all messages.
    const auto moment = messages() / 5 + random() % (messages() * 2 / 5);
    std::atomic<std::uint64_t> seen{0};
    const progress_line line("accepting", [&] {
      return progress_sample{.done = seen, .total = messages()};
    });
    for (;;) {
      if (const auto code = clients_.ended()) {
        if (*code != 0)
          clients_.fail(fmt::format("ended with {}", *code));
        return;
      }
      seen = stored();
      if (kill && result_.nodes_killed == 0 && seen >= moment)
        kill_node();
      require_node();
      sleep_or_stop(stop_);
    }
  }

  void kill_node() {
    node_.kill();
    ++result_.nodes_killed;
    if (!clients_.ended() && stored() < messages())
      ++result_.while_sending;
    std::this_thread::sleep_for(away);
    start_node();
  }

  const simulated_cluster& cluster_;
  const std::atomic<bool>& stop_;
  simulated_host node_;
  simulated_host clients_;
  std::optional<storage::ledger_store> ledger_;
  std::uint16_t port_ = 0;
  cluster_ledger_result result_;
};

} // namespace

bool cluster_ledger_result::good() const {
  const auto accepted = crypto::number_member(sent, "accepted");
  return accepted > 0U && accepted == crypto::number_member(sent, "sent") &&
         accepted == crypto::number_member(chain, "messages") &&
         chain.value("passed", false);
}

cluster_ledger_result run_cluster_ledger(const simulated_cluster& cluster,
                                         bool kill,
                                         const std::atomic<bool>& stop) {
  return ledger_run(cluster, stop).run(kill);
}

} // namespace chancery::apps
