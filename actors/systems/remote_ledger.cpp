// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/remote_ledger.hpp"

#include "actors/base/milliseconds.hpp"
#include "actors/ledger/node_link.hpp"
#include "actors/systems/actor_host.hpp"
#include "actors/systems/client_fleet.hpp"
#include "actors/systems/exit_watchdog.hpp"
#include "actors/systems/ledger_port.hpp"
#include "actors/transport/connector.hpp"
#include "crypto/base/random.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>

#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

namespace {

using steady = std::chrono::steady_clock;

constexpr auto stop_looked_at = milliseconds(50);

/// The link's port and its connection.
constexpr std::size_t threads_of_a_link = 2;

connector_options connecting(caf::actor_system& system,
                             const remote_ledger_options& options) {
  connector_options c;
  c.credentials = options.credentials;
  c.host = options.host;
  c.port = options.port;
  c.expected = crypto::host_role::node;
  c.message_types = ledger_answer_types();
  c.interface =
      system.message_types(caf::detail::type_list<ledger_gateway_actor>{});
  return c;
}

hello greeting_of(const remote_ledger_options& options) {
  hello h;
  h.software = options.software;
  h.instance = bytes_of_id(crypto::make_random_id(crypto::system_random()));
  return h;
}

// The link's last state, for threads that wait for it. Outlives the link.
class link_watch {
 public:
  using listener = std::function<void(bool, const std::string&)>;

  explicit link_watch(listener tell) : tell_(std::move(tell)) {}

  void take(link_state now, const std::string& why) {
    {
      const std::scoped_lock lock(mutex_);
      if (closing_)
        return;
      state_ = now;
      why_ = why;
    }
    changed_.notify_all();
    if (tell_)
      tell_(now == link_state::linked, why);
  }

  void close() {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }

  bool wait(milliseconds limit, const std::atomic<bool>& stop) {
    const auto end = steady::now() + limit;
    std::unique_lock lock(mutex_);
    while (!stop) {
      if (state_ == link_state::linked)
        return true;
      if (state_ == link_state::ended)
        throw std::runtime_error(why_);
      if (steady::now() >= end)
        throw std::runtime_error(
            fmt::format("no connection within {:.1f} s{}{}",
                        std::chrono::duration<double>(limit).count(),
                        why_.empty() ? "" : ": ", why_));
      changed_.wait_for(lock, stop_looked_at);
    }
    return false;
  }

  std::string failure() const {
    const std::scoped_lock lock(mutex_);
    return state_ == link_state::ended ? why_ : std::string();
  }

 private:
  listener tell_;
  mutable std::mutex mutex_; // guards the members below
  std::condition_variable changed_;
  std::optional<link_state> state_;
  std::string why_;
  bool closing_ = false;
};

} // namespace

struct remote_ledger::state {
  explicit state(const remote_ledger_options& options)
      : host({options.threads + 1, threads_of_a_link}, true),
        watch(std::make_shared<link_watch>(options.tell)) {
    try {
      network.emplace(system, connecting(system, options));
      link = spawn_link(options);
      port.emplace(system, link);
    } catch (...) {
      end();
      throw;
    }
  }

  ~state() { end(); }

  // The link answers every open request before it ends; then the destructor of
  // the actor system has nothing left to wait for.
  void end() {
    dog.arm();
    watch->close();
    port.reset();
    caf::anon_send_exit(link, caf::exit_reason::user_shutdown);
    link = nullptr;
    network.reset();
  }

  node_link_actor spawn_link(const remote_ledger_options& options) {
    node_link_config linking;
    linking.connector = network->actor();
    linking.greeting = greeting_of(options);
    linking.node = options.node;
    linking.random = crypto::system_random();
    linking.tell = [kept = watch](link_state now, const std::string& why) {
      kept->take(now, why);
    };
    // Not detached: CAF's broker, which it leaks at times when a heartbeat
    // meets its end, may hold a message of this actor, and the end of the
    // system waits for the thread of a detached actor until nobody holds the
    // actor any more. It has a thread beside those that the clients sign on.
    return system.spawn(node_link, std::move(linking));
  }

  template <class Answer, class... Ts>
  Answer ask(Ts... question) {
    caf::scoped_actor self(system);
    std::optional<Answer> answer;
    std::string fault;
    self->request(link, caf::infinite, question...)
        .receive([&](Answer& value) { answer = std::move(value); },
                 [&](const caf::error& e) { fault = sentence(e); });
    if (!answer)
      throw std::runtime_error(
          fmt::format("the node did not answer: {}", fault));
    return std::move(*answer);
  }

  exit_watchdog dog;
  actor_host host;
  caf::actor_system& system = host.system();
  std::shared_ptr<link_watch> watch;
  std::optional<connector> network;
  node_link_actor link;
  std::optional<ledger_port> port;
};

remote_ledger::remote_ledger(const remote_ledger_options& options)
    : state_(std::make_unique<state>(options)) {}

remote_ledger::~remote_ledger() = default;

bool remote_ledger::wait(milliseconds limit, const std::atomic<bool>& stop) {
  return state_->watch->wait(limit, stop);
}

std::string remote_ledger::failure() const { return state_->watch->failure(); }

std::future<ledger_answer> remote_ledger::submit(std::string text) {
  return state_->port->submit(std::move(text));
}

std::string remote_ledger::node_keys() {
  return state_->ask<std::string>(keys_atom_v);
}

std::uint64_t remote_ledger::block_count() {
  return state_->ask<std::uint64_t>(count_atom_v);
}

client_load_result remote_ledger::run_clients(const client_load& load,
                                              const crypto::node_keys& keys,
                                              const std::atomic<bool>& stop,
                                              ledger_progress& progress) {
  return run_client_fleet(state_->system, state_->link, keys, load, stop,
                          progress, [] {});
}

} // namespace chancery::actors
