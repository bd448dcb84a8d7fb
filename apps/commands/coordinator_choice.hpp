// SPDX-License-Identifier: Apache-2.0
#pragma once

// What `sign` and `serve` share: the options of a coordinator, which lends keys
// to workers of other hosts. Main thread.

#include "actors/cluster/coordinator_options.hpp"
#include "apps/options/command_spec.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::apps {

struct coordinator_choice {
  std::string listen;            ///< ADDR:PORT; empty: no workers
  std::filesystem::path cluster; ///< this host's certificate
  std::filesystem::path deny;    ///< empty: nobody
  std::uint64_t lease_ttl_ms = actors::lease_ttl_ms_default;
  std::string verify_workers = "all";
};

/// --lease-ms and --verify-workers; the others have other names in each
/// command.
void add_coordinator_options(const command_spec& command,
                             coordinator_choice& choice);

/// Nothing without an address. The options' names are for the errors:
/// "--listen", "--cluster". Throws usage_error.
std::optional<actors::coordinator_options>
coordinating(const coordinator_choice& choice, bool paranoid,
             const std::string& listen_option, std::string_view cluster_option);

} // namespace chancery::apps
