// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/system_config.hpp"

#include "actors/base/messages.hpp"
#include "actors/base/threads.hpp"
#include "actors/cluster/cluster_messages.hpp"
#include "actors/ledger/ledger_messages.hpp"
#include "actors/signing/signing_messages.hpp"
#include "actors/transport/greeting.hpp"
#include "actors/transport/network.hpp"

#include <caf/actor_system.hpp>
#include <caf/policy/work_sharing.hpp>
#include <caf/scheduler/coordinator.hpp>

namespace chancery::actors {

namespace {

using sharing = caf::scheduler::coordinator<caf::policy::work_sharing>;

/// CAF's scheduler of the policy "sharing", which starts whole or not at all.
class whole_scheduler : public sharing {
 public:
  using sharing::sharing;

  static caf::actor_system::module* make(caf::actor_system& system,
                                         caf::detail::type_list<>) {
    return new whole_scheduler(system);
  }

 protected:
  void start() override {
    start_or_end([this] { sharing::start(); });
  }
};

} // namespace

void add_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::chancery_base>();
  config.add_message_types<caf::id_block::chancery_greeting>();
  config.add_message_types<caf::id_block::chancery_signing>();
  config.add_message_types<caf::id_block::chancery_cluster>();
  config.add_message_types<caf::id_block::chancery_ledger>();
}

system_config::system_config(std::size_t threads, bool network) {
  add_messages(*this);
  if (network)
    load_network(*this);
  // The scheduled actors have little work; costly actors are detached. Idle
  // scheduler threads that wait on a condition cost nothing, while work
  // stealing would poll and take a third of the signers' time.
  load<whole_scheduler>();
  set("scheduler.max-threads", threads);
  set("scheduler.max-throughput", std::size_t{16});
}

} // namespace chancery::actors
