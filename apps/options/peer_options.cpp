// SPDX-License-Identifier: Apache-2.0
#include "apps/options/peer_options.hpp"

namespace chancery::apps {

option_spec add_cluster_option(const command_spec& command,
                               std::filesystem::path& folder) {
  return command
      .text("--cluster", folder,
            "This host's folder from `chancery cluster issue`")
      .environment("CHANCERY_CLUSTER")
      .value_name("DIR");
}

option_spec add_deny_option(const command_spec& command,
                            std::filesystem::path& file) {
  return command
      .text("--deny", file,
            "Hosts that may not connect although their certificates are valid: "
            "a name or a serial per line. Read again when it changes")
      .value_name("FILE");
}

option_spec add_node_id(const command_spec& command, std::string& text) {
  return command
      .text("--node-id", text,
            "The node's expected id: any other node is refused")
      .value_name("ID");
}

} // namespace chancery::apps
