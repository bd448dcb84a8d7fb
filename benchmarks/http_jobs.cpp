// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/http_jobs.hpp"

#include "actors/ledger/client_session.hpp"
#include "crypto/base/random.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/message.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace chancery::benchmarks {

namespace {

using steady = std::chrono::steady_clock;
using apps::http_client;
using apps::http_fields;

const http_fields jose{{"Content-Type", "application/jose"}};
const http_fields lines{{"Content-Type", "application/x-ndjson"}};

/// Calls `work` on as many threads, each with a connection; throws the first
/// exception of one.
void on_connections(
    const served_process& server, std::size_t connections,
    const std::function<void(http_client&, std::size_t number)>& work) {
  std::mutex mutex;
  std::exception_ptr failure;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < connections; ++i)
      threads.emplace_back([&, i] {
        try {
          http_client client(server.address());
          work(client, i);
        } catch (...) {
          const std::scoped_lock lock(mutex);
          failure = std::current_exception();
        }
      });
  }
  if (failure)
    std::rethrow_exception(failure);
}

void require_status(const apps::http_response& answer, int status) {
  if (answer.status != status)
    throw std::runtime_error(
        fmt::format("the server answered {}: {}", answer.status, answer.body));
}

/// The server's CPU time and the time on the wall of `job`.
measure measured(const served_process& server, std::uint64_t requests,
                 const std::function<void()>& job) {
  const auto cpu = server.cpu_seconds();
  const auto begin = steady::now();
  job();
  measure m;
  m.records = requests;
  m.seconds = std::chrono::duration<double>(steady::now() - begin).count();
  m.cpu_seconds = server.cpu_seconds() - cpu;
  return m;
}

latency latency_of(std::vector<double> ms) {
  std::ranges::sort(ms);
  const auto at = [&](double share) {
    return ms.empty() ? 0
                      : ms[static_cast<std::size_t>(std::lround(
                            share * static_cast<double>(ms.size() - 1)))];
  };
  return {at(0.5), at(0.99)};
}

/// Sends request `i` at `i / rate` seconds; `send` is called on the thread of
/// its connection, `i` modulo `connections`.
latency paced(const served_process& server, double rate, std::uint64_t requests,
              std::size_t connections,
              const std::function<void(http_client&, std::uint64_t i)>& send) {
  std::mutex mutex;
  std::vector<double> all;
  const auto begin = steady::now() + std::chrono::milliseconds(50);
  on_connections(
      server, connections, [&](http_client& client, std::size_t number) {
        std::vector<double> ms;
        for (auto i = std::uint64_t{number}; i < requests; i += connections) {
          const auto due =
              begin +
              std::chrono::duration_cast<steady::duration>(
                  std::chrono::duration<double>(static_cast<double>(i) / rate));
          std::this_thread::sleep_until(due);
          send(client, i);
          ms.push_back(
              std::chrono::duration<double, std::milli>(steady::now() - due)
                  .count());
        }
        const std::scoped_lock lock(mutex);
        all.insert(all.end(), ms.begin(), ms.end());
      });
  return latency_of(std::move(all));
}

} // namespace

measure run_reads(const served_process& server, const std::string& path,
                  std::uint64_t requests, std::size_t connections) {
  return measured(server, requests, [&] {
    std::atomic<std::uint64_t> next{0};
    on_connections(server, connections, [&](http_client& client, std::size_t) {
      while (next++ < requests)
        require_status(client.send("GET", path), 200);
    });
  });
}

served_clients::served_clients(const served_process& server,
                               const ledger_workload& w)
    : work_(w), node_([&] {
        const auto answer =
            http_client(server.address()).send("GET", "/v1/node");
        require_status(answer, 200);
        const auto json = nlohmann::json::parse(answer.body);
        return actors::read_node_keys(
            json.at("keys").get_ref<const std::string&>(), {},
            crypto::single_signatures);
      }()) {
  for (std::size_t i = 0; i < w.clients; ++i)
    clients_.push_back(crypto::private_key::generate(crypto::curve::p256,
                                                     crypto::system_random()));
  http_client client(server.address());
  for (const auto& key : clients_) {
    actors::client_session session(key, node_, crypto::single_signatures);
    require_status(client.send("POST", "/v1/clients", jose,
                               session.registration(1'767'225'600'000)),
                   201);
  }
}

std::vector<std::string> served_clients::seal(std::uint64_t count) {
  auto sealed = seal_messages(clients_, node_, work_, sent_, count);
  sent_ += count;
  return sealed;
}

measure run_posts(const served_process& server, const ledger_workload& w,
                  const std::vector<std::string>& sealed) {
  return measured(server, sealed.size(), [&] {
    on_connections(
        server, w.clients, [&](http_client& client, std::size_t number) {
          for (auto i = number; i < sealed.size(); i += w.clients)
            require_status(client.send("POST", "/v1/messages", jose, sealed[i]),
                           201);
        });
  });
}

measure run_lines(const served_process& server,
                  const std::vector<std::string>& sealed) {
  return measured(server, sealed.size(), [&] {
    http_client client(server.address());
    for (std::size_t i = 0; i < sealed.size(); i += 1'000) {
      std::string body;
      for (auto at = i; at < std::min(i + 1'000, sealed.size()); ++at)
        body += sealed[at] + "\n";
      const auto answer = client.send("POST", "/v1/messages", lines, body);
      require_status(answer, 200);
      if (answer.body.find("\"refused\"") != std::string::npos)
        throw std::runtime_error("a line was refused: " + answer.body);
    }
  });
}

latency run_paced_reads(const served_process& server, const std::string& path,
                        double rate, std::uint64_t requests,
                        std::size_t connections) {
  return paced(server, rate, requests, connections,
               [&](http_client& client, std::uint64_t) {
                 require_status(client.send("GET", path), 200);
               });
}

latency run_paced_posts(const served_process& server, const ledger_workload& w,
                        const std::vector<std::string>& sealed, double rate) {
  return paced(server, rate, sealed.size(), w.clients,
               [&](http_client& client, std::uint64_t i) {
                 require_status(
                     client.send("POST", "/v1/messages", jose, sealed[i]), 201);
               });
}

std::uint64_t idle_bytes(const served_process& server,
                         const apps::http_client_options& address,
                         std::size_t connections) {
  std::vector<std::unique_ptr<http_client>> idle;
  const auto open = [&] {
    idle.push_back(std::make_unique<http_client>(address));
    require_status(idle.back()->send("GET", "/livez"), 200);
  };
  open(); // the first one pays for what stays
  const auto before = server.anonymous_bytes();
  while (idle.size() <= connections)
    open();
  const auto after = server.anonymous_bytes();
  return after - std::min(before, after);
}

} // namespace chancery::benchmarks
