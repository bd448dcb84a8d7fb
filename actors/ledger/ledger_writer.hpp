// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only writer of the ledger while a node runs. It takes accepted messages
// in order, gives each an index and a receipt, seals blocks, and commits all
// waiting requests in one transaction, at most once per commit interval while
// work flows, but earlier where many messages wait. A request is answered only
// when its commit is on disk. After a failed commit it answers every request
// with that error until its owner ends it; what was stored stays consistent.
//
// Spawn it detached: it blocks on the disk. The node limits its queue
// (node.hpp).

#include "actors/base/commit_schedule.hpp"
#include "actors/ledger/chain_builder.hpp"
#include "actors/ledger/ledger_messages.hpp"
#include "crypto/keys/key.hpp"
#include "storage/ledger_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace chancery::actors {

struct ledger_writer_config {
  storage::ledger_store* store = nullptr;
  std::optional<crypto::private_key> identity; ///< the node's signing key
  crypto::provider provider = crypto::single_signatures;
  std::function<std::uint64_t()> wall_clock_ms;
  std::atomic<std::uint64_t>* blocks = nullptr; ///< counts those on disk
};

class ledger_writer_state {
 public:
  using pointer = ledger_writer_actor::stateful_pointer<ledger_writer_state>;
  static inline const char* name = "ledger_writer";

  explicit ledger_writer_state(pointer self) : self_(self) {}

  /// Throws storage_error when the chain's end cannot be read.
  void start(ledger_writer_config config);
  caf::typed_response_promise<append_result> append(append_request request);
  void commit();

 private:
  struct pending_group {
    append_request request;
    caf::typed_response_promise<append_result> promise;
  };

  /// The receipts and blocks of all groups.
  chain_builder::made_group chain_additions();
  std::vector<append_result> write();
  void fail(caf::error reason);

  pointer self_;
  ledger_writer_config config_;
  std::optional<chain_builder> chain_;
  std::vector<pending_group> groups_;
  std::size_t waiting_ = 0; // messages and registrations in groups_
  caf::error failure_;      // unset until a commit fails
  commit_schedule schedule_;
};

ledger_writer_actor::behavior_type
ledger_writer(ledger_writer_state::pointer self, ledger_writer_config config);

} // namespace chancery::actors
