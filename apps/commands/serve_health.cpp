// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/serve_health.hpp"

#include <fmt/format.h>
#include <utility>

namespace chancery::apps {

namespace {

constexpr std::chrono::seconds silence_max{10};

/// One check over both stores: their disk is nearly full for either.
health_check disk_check(const record_service* records,
                        const serve_ledger* ledger) {
  return {"disk", [records, ledger] {
            const bool room = (records == nullptr || records->has_room()) &&
                              (ledger == nullptr || ledger->has_room());
            return room ? std::string() : std::string("it is nearly full");
          }};
}

health_check keys_check(const record_service& records) {
  return {"keys", [&records] {
            return std::chrono::steady_clock::now() <
                           records.progress().lending_from.load()
                       ? std::string("hosts may hold leases of the last run: "
                                     "no key is lent yet")
                       : std::string();
          }};
}

health_check certificate_check(const record_service& records) {
  return {"certificates", [&records] {
            return records.lacks_certificate()
                       ? std::string("no_certificate: no key has a valid one, "
                                     "so nothing is signed")
                       : std::string();
          }};
}

/// Of a part of the service that owes answers.
health_check
answers_check(std::string name,
              std::function<std::chrono::steady_clock::duration()> silence) {
  return {std::move(name), [silence = std::move(silence)] {
            const auto time = silence();
            return time <= silence_max
                       ? std::string()
                       : fmt::format(
                             "no answer for {} s",
                             std::chrono::floor<std::chrono::seconds>(time)
                                 .count());
          }};
}

} // namespace

served_health health_of(const record_service* records,
                        const serve_ledger* ledger,
                        const std::atomic<api_server*>& server,
                        const std::atomic<bool>& stop) {
  const health_check stays{"service", [&stop] {
                             return stop ? std::string("it is stopping")
                                         : std::string();
                           }};
  const auto threads = answers_check("threads", [&server] {
    const auto* running = server.load();
    return running == nullptr ? std::chrono::steady_clock::duration::zero()
                              : running->silence();
  });
  served_health health;
  if (ledger != nullptr) {
    health.alive = {ledger->works(), answers_check("messages", [ledger] {
                      return ledger->silence();
                    })};
    health.ready = {ledger->works()};
  }
  if (records != nullptr) {
    const health_check signs{"signing",
                             [records] { return records->failure(); }};
    health.alive.push_back(signs);
    health.ready.push_back(signs);
    health.ready.push_back(keys_check(*records));
    health.ready.push_back(certificate_check(*records));
  }
  health.alive.push_back(threads);
  health.ready.push_back(disk_check(records, ledger));
  health.ready.push_back(stays);
  return health;
}

} // namespace chancery::apps
