// SPDX-License-Identifier: Apache-2.0
#pragma once

// The ledger's half of `serve`: the opened ledger, its node, and what the API
// and the probes need of them. Made and destroyed on the main thread.

#include "actors/base/answer_clock.hpp"
#include "apps/api/api_health.hpp"
#include "apps/api/api_ledger.hpp"
#include "apps/commands/node_choice.hpp"
#include "apps/service/service_config.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace chancery::apps {

class serve_ledger {
 public:
  serve_ledger(const command_context& context, const node_choice& choice);
  serve_ledger(const serve_ledger&) = delete;
  serve_ledger& operator=(const serve_ledger&) = delete;

  served_ledger served(const service_config& config);

  health_check works() const;
  /// How long it owes an answer to a message.
  std::chrono::steady_clock::duration silence() const {
    return messages_.silence();
  }
  bool has_room() const;

  const storage::ledger_store& store() const { return ledger_.store; }
  const actors::ledger_node& node() const { return node_; }

 private:
  actors::ledger_node_options options_;
  opened_ledger ledger_;
  actors::answer_clock messages_;
  actors::ledger_node node_;
};

} // namespace chancery::apps
