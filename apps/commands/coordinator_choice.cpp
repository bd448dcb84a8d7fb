// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/coordinator_choice.hpp"

#include "apps/folders/cluster_folder.hpp"
#include "apps/folders/deny_file.hpp"
#include "apps/options/endpoint.hpp"
#include "apps/platform/hardware_threads.hpp"
#include "apps/terminal/console.hpp"

#include <fmt/format.h>

namespace chancery::apps {

void add_coordinator_options(const command_spec& command,
                             coordinator_choice& choice) {
  command
      .number("--lease-ms", choice.lease_ttl_ms,
              {actors::lease_ttl_ms_min, actors::lease_ttl_ms_max},
              "How long a worker may use a key without renewing its lease, "
              "in milliseconds")
      .default_text(std::to_string(actors::lease_ttl_ms_default));
  command
      .text("--verify-workers", choice.verify_workers,
            "Which signatures of workers are verified before they are stored: "
            "all, or a random sixteenth of each unit (sample)")
      .one_of({"all", "sample"})
      .default_text("all");
}

std::optional<actors::coordinator_options>
coordinating(const coordinator_choice& choice, bool paranoid,
             const std::string& listen_option,
             std::string_view cluster_option) {
  if (choice.listen.empty())
    return std::nullopt;
  const auto place = parse_listen_endpoint(listen_option, choice.listen);
  if (choice.cluster.empty())
    throw usage_error(fmt::format("{} needs this host's certificate: {} DIR, "
                                  "as `chancery cluster issue` makes it",
                                  listen_option, cluster_option));
  actors::coordinator_options cluster;
  cluster.credentials =
      cluster_folder(choice.cluster).load(crypto::host_role::coordinator);
  cluster.address = place.host;
  cluster.port = place.port;
  cluster.ttl_ms = static_cast<std::uint32_t>(choice.lease_ttl_ms);
  const bool sample = choice.verify_workers == "sample" && !paranoid;
  cluster.verify_share = sample ? actors::verify_share_of_sample : 1;
  cluster.verifiers = hardware_threads();
  cluster.software = "chancery " CHANCERY_VERSION;
  cluster.listening = [host = place.host](std::uint16_t port) {
    note(fmt::format("workers can connect to {}", to_text({host, port})));
  };
  cluster.note = [](const std::string& line) { note(line); };
  cluster.denied = denied_by(choice.deny, cluster.note);
  return cluster;
}

} // namespace chancery::apps
