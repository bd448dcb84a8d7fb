// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/actor_host.hpp"

#include "actors/base/threads.hpp"

namespace chancery::actors {

namespace {

/// CAF's clock, and with a network its multiplexer and the manager of its
/// connections.
std::size_t threads_of_caf(bool network) { return network ? 3 : 1; }

} // namespace

actor_host::actor_host(host_threads threads, bool network)
    : config_(threads.scheduled, network) {
  require_threads(threads.scheduled + threads.detached +
                  threads_of_caf(network));
  system_ = std::make_unique<caf::actor_system>(config_);
}

} // namespace chancery::actors
