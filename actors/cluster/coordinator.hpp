// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a coordinator offers to workers on other hosts: a listener, and a
// gateway for each connection. For signing_system, which owns the actors behind
// it.

#include "actors/cluster/coordinator_options.hpp"
#include "actors/cluster/gateway.hpp"
#include "actors/transport/listener.hpp"

#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

namespace chancery::actors {

/// The answer to a worker's hello, except instance, folder and epoch.
welcome greeting_for(const coordinator_options& options,
                     std::uint32_t batch_size, std::size_t keys,
                     std::uint64_t unsigned_records);

/// Limit of a frame from a worker: a unit of the run with all its signatures,
/// batches and leases.
std::size_t worker_payload_max(std::uint32_t leases_per_unit,
                               std::uint32_t batch_size,
                               std::size_t signature_size);

/// The types of all messages that a worker may send to a coordinator, and the
/// other way round.
std::set<std::string> worker_message_types();
std::set<std::string> coordinator_message_types();

/// Opens a gateway for each worker that connects.
listener_options listen_for_workers(caf::actor_system& system,
                                    const coordinator_options& options,
                                    const gateway_config& gateways,
                                    const keyring_actor& keyring,
                                    const dispatcher_actor& dispatcher);

} // namespace chancery::actors
