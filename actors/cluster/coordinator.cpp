// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/coordinator.hpp"

#include "actors/signing/unit.hpp"
#include "actors/signing/unit_size.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>

#include <algorithm>

namespace chancery::actors {

namespace {

/// Records wanted in a unit for another host: more than for a local signer, as
/// its messages cost more.
constexpr std::uint64_t remote_unit_records_wanted = 1'536;

/// Signers that a coordinator assumes, as it does not know how many will
/// connect.
constexpr std::uint64_t signers_expected = 4;

constexpr std::uint64_t units_max = 256;

/// Everything else in a frame from a worker: a greeting, names of types,
/// lengths, an error.
constexpr std::size_t rest_of_frame = judged_payload_max;

} // namespace

welcome greeting_for(const coordinator_options& options,
                     std::uint32_t batch_size, std::size_t keys,
                     std::uint64_t unsigned_records) {
  welcome w;
  w.software = options.software;
  w.ttl_ms = options.ttl_ms;
  w.leases_per_unit =
      leases_per_unit({.records_wanted = remote_unit_records_wanted,
                       .signers = signers_expected,
                       .batch_size = batch_size,
                       .keys = keys,
                       .unsigned_records = unsigned_records});
  w.units_max = static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(keys / w.leases_per_unit, 1, units_max));
  return w;
}

std::size_t worker_payload_max(std::uint32_t leases_per_unit,
                               std::uint32_t batch_size,
                               std::size_t signature_size) {
  const auto batch = std::size_t{batch_size} * signature_size +
                     unit_batch::wire_size + crypto::lease::wire_size;
  return leases_per_unit * batch + rest_of_frame;
}

std::set<std::string> worker_message_types() {
  return {"@atom",
          caf::type_name<hello>::value,
          caf::type_name<challenge>::value,
          caf::type_name<proof>::value,
          caf::type_name<work_request>::value,
          caf::type_name<renew_request>::value};
}

std::set<std::string> coordinator_message_types() {
  return {"@atom",
          caf::type_name<welcome>::value,
          caf::type_name<challenge_answer>::value,
          caf::type_name<admitted>::value,
          caf::type_name<work_answer>::value,
          caf::type_name<grant>::value};
}

listener_options listen_for_workers(caf::actor_system& system,
                                    const coordinator_options& options,
                                    const gateway_config& gateways,
                                    const keyring_actor& keyring,
                                    const dispatcher_actor& dispatcher) {
  listener_options l;
  l.credentials = options.credentials;
  l.address = options.address;
  l.port = options.port;
  l.admitted = crypto::host_role::worker;
  l.message_types = worker_message_types();
  l.log = options.note;
  l.denied = options.denied;
  l.payload_max =
      worker_payload_max(gateways.greeting.leases_per_unit, gateways.batch_size,
                         gateways.signature_size);
  l.open_gateway = [&system, gateways, keyring,
                    dispatcher](const secure_channel& channel) {
    auto config = gateways;
    config.worker = channel.peer.name;
    config.channel = channel;
    const gateway_actor h = system.spawn(gateway, config, keyring, dispatcher);
    return offered_actor{caf::actor_cast<caf::strong_actor_ptr>(h),
                         system.message_types(h)};
  };
  return l;
}

} // namespace chancery::actors
