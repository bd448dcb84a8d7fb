// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/worker_run.hpp"

#include "actors/base/boot_clock.hpp"
#include "actors/cluster/coordinator.hpp"
#include "actors/cluster/worker.hpp"
#include "actors/systems/actor_host.hpp"
#include "actors/systems/exit_watchdog.hpp"
#include "actors/systems/signing_options.hpp"
#include "actors/transport/connector.hpp"
#include "crypto/base/random.hpp"
#include "crypto/keyring/keyring_bundle.hpp"

#include <caf/scoped_actor.hpp>

#include <fmt/format.h>

#include <optional>
#include <random>

namespace chancery::actors {

namespace {

hello greeting_of(const crypto::keyring& keys, const crypto::random_id& folder,
                  const crypto::random_id& instance,
                  const worker_options& options) {
  hello h;
  h.software = options.software;
  h.instance = bytes_of_id(instance);
  h.fingerprint = bytes_of_id(crypto::worker_fingerprint(keys));
  h.folder = bytes_of_id(folder);
  return h;
}

std::function<std::shared_ptr<crypto::vault>(const welcome&)>
vault_maker(const crypto::keyring& keys, const crypto::random_id& folder,
            const crypto::random_id& instance, const worker_options& options) {
  return [=, provider = options.provider,
          paranoid = options.paranoid](const welcome& w) {
    crypto::vault::options v;
    v.provider = provider;
    v.paranoid = paranoid;
    v.folder = folder;
    if (w.epoch_id.size() != v.epoch.size())
      throw std::invalid_argument("the coordinator's epoch id is malformed");
    std::copy(w.epoch_id.begin(), w.epoch_id.end(), v.epoch.begin());
    v.instance = instance;
    v.now = boot_clock;
    return std::make_shared<crypto::vault>(keys, v, crypto::system_random());
  };
}

connector_options connection(const caf::actor_system& system,
                             const worker_options& options) {
  connector_options c;
  c.credentials = options.credentials;
  c.host = options.host;
  c.port = options.port;
  c.expected = crypto::host_role::coordinator;
  c.expected_name = options.coordinator;
  c.message_types = coordinator_message_types();
  c.payload_max = coordinator_payload_max;
  c.interface = system.message_types(caf::detail::type_list<greeter_actor>{});
  return c;
}

} // namespace

void run_worker(const crypto::keyring& keys, const crypto::random_id& folder,
                const worker_options& options, const std::atomic<bool>& stop,
                worker_progress& progress) {
  if (options.signers == 0 || options.signers > signers_max)
    throw std::invalid_argument(
        fmt::format("the number of signers must be 1 to {}", signers_max));
  std::optional<caf::error> ended;
  {
    exit_watchdog watchdog;
    actor_host host({2, options.signers + 1}, true);
    auto& system = host.system();
    connector link(system, connection(system, options));
    const auto instance = crypto::make_random_id(crypto::system_random());
    worker_config w;
    w.connector = link.actor();
    w.greeting = greeting_of(keys, folder, instance, options);
    w.prover.emplace(keys.lease_secret());
    w.signers = options.signers;
    w.once = options.once;
    w.make_vault = vault_maker(keys, folder, instance, options);
    w.now = boot_clock;
    w.random = [engine = std::mt19937_64(std::random_device{}())]() mutable {
      return std::uniform_real_distribution<double>(0, 1)(engine);
    };
    w.note = options.note;
    w.progress = &progress;
    caf::scoped_actor self(system);
    const auto running = system.spawn(worker, w);
    self->monitor(running);
    bool draining = false;
    while (!ended) {
      if (stop && !std::exchange(draining, true))
        self->send(running, drain_atom_v);
      self->receive([&](const caf::down_msg& down) { ended = down.reason; },
                    caf::after(std::chrono::milliseconds(50)) >> [] {});
    }
    watchdog.arm();
  }
  if (*ended)
    throw worker_refused(sentence_of_peer(*ended), *ended == fault::refused);
}

} // namespace chancery::actors
