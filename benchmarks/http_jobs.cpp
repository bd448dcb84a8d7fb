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
#include <memory>
#include <stdexcept>

namespace chancery::benchmarks {

namespace {

using apps::http_client;
using apps::http_fields;

const http_fields jose{{"Content-Type", "application/jose"}};
const http_fields lines{{"Content-Type", "application/x-ndjson"}};

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
