// SPDX-License-Identifier: Apache-2.0
#pragma once

// The ledger's node: it numbers each arrival, lets the validators do the costly
// work in parallel, puts their verdicts back into the order of arrival, judges
// what depends on that order (sequences, repeats, pending registrations), and
// sends accepted messages to the writer. It answers after the commit. It also
// answers questions about the chain, from snapshots.
//
// Limits: above arrivals_max open arrivals, or arrival_bytes_max of their
// bytes, it answers busy. When a commit fails or a validator ends, the node
// accepts nothing more: it answers every message with that fault until its
// owner ends it.

#include "actors/base/defences.hpp"
#include "actors/base/wall_clock.hpp"
#include "actors/ledger/client_limits.hpp"
#include "actors/ledger/ledger_messages.hpp"
#include "actors/ledger/reorder_buffer.hpp"
#include "actors/ledger/sequence_book.hpp"
#include "crypto/keys/key.hpp"
#include "storage/ledger_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace chancery::actors {

inline constexpr std::size_t arrivals_max = 4'096;
inline constexpr std::size_t arrival_bytes_max = std::size_t{256} << 20;
/// Arrivals in one message to a validator.
inline constexpr std::size_t validation_items_max = 64;

/// Written by node, writer and gateways; any thread may read it.
struct ledger_tally {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> repeated{0};
  std::atomic<std::uint64_t> registered{0};
  std::atomic<std::uint64_t> blocks{0}; ///< sealed since the start
  std::array<std::atomic<std::uint64_t>, 16> refused{}; ///< by code
  std::atomic<std::uint64_t> connected{0};              ///< hosts, now
};

struct node_config {
  const storage::ledger_store* store = nullptr;
  ledger_tally* tally = nullptr;
  /// Called once, on the actor's thread, before any answer carries the error.
  std::function<void(const caf::error&)> failed{};
  std::string keys; ///< the node's keys JWS
  std::optional<std::set<crypto::key_id>> allowed{};
  client_limits limits{};
  std::uint64_t disk_reserve = 0; ///< bytes; see ledger_node_options
  std::function<std::uint64_t()> clock_ms{wall_clock_ms};
  defences defended{};
};

class node_state {
 public:
  using pointer = node_actor::stateful_pointer<node_state>;
  static inline const char* name = "node";

  explicit node_state(pointer self) : self_(self) {}

  void start(node_config config, ledger_writer_actor writer,
             const std::vector<validator_actor>& validators);
  caf::typed_response_promise<acknowledgement> submit(std::string text);
  const std::string& keys() const { return config_.keys; }

  const storage::ledger_store& store() const { return *config_.store; }

 private:
  using promise = caf::typed_response_promise<acknowledgement>;

  struct validator_slot {
    validator_actor handle;
    std::size_t outstanding = 0; ///< messages not answered yet
  };

  /// An arrival that is not judged yet.
  struct open_arrival {
    promise answer;
    std::size_t bytes = 0;
    bool again = false; ///< a second validation was tried
  };

  /// An accepted arrival that is not on disk yet.
  struct storing_item {
    crypto::key_id client{};
    std::uint64_t sequence = 0; ///< 0: a registration
    std::size_t bytes = 0;
    promise answer;
  };

  /// What one pass of judging accepts.
  struct accepted_group {
    append_request request;
    std::vector<storing_item> items;
  };

  void stop(caf::error reason);
  void fail(caf::error reason);
  void answer_all(const caf::error& why);
  void refuse(promise& answer, crypto::refusal code, std::string why);
  void confirm(promise& answer, acknowledgement what);
  void dispatch();
  void send_work(validator_slot& v, std::vector<arrival> items);
  void take(validation_result& result);
  void judge_all();
  bool judge(verdict& v, const storage::ledger_snapshot& view);
  bool may_write(const crypto::key_id& client);
  bool may_grow(const crypto::key_id& client, std::size_t bytes);
  bool validate_again(std::uint64_t number, refused_arrival& refused,
                      const storage::ledger_snapshot& view);
  void judge_message(valid_message& message,
                     const storage::ledger_snapshot& view);
  void judge_registration(valid_registration& registration,
                          const storage::ledger_snapshot& view);
  void accept(const crypto::key_id& client, std::uint64_t sequence,
              append_item item);
  void append(accepted_group accepted);
  void stored(append_result& result);

  pointer self_;
  node_config config_;
  ledger_writer_actor writer_;
  std::vector<validator_slot> validators_;

  std::deque<arrival> unsent_;        ///< wait for a validator
  std::deque<open_arrival> arrivals_; ///< not judged yet, oldest first
  reorder_buffer<verdict> verdicts_;  ///< of arrivals_
  accepted_group accepted_;           ///< not sent to the writer yet
  std::deque<std::vector<storing_item>> storing_; ///< groups at the writer
  std::map<std::pair<crypto::key_id, std::uint64_t>, std::vector<promise>>
      repeats_; ///< wait for the first one's commit
  std::map<crypto::key_id, std::string> new_clients_; ///< points, not stored
  sequence_book sequences_;
  caf::error failure_; ///< unset until the node fails
  std::size_t unanswered_ = 0;
  std::size_t bytes_ = 0; ///< of arrivals not judged or not stored yet
  client_usage usage_{{}};
  bool has_room_ = true; ///< on the disk, when arrivals were judged last
};

node_actor::behavior_type node(node_state::pointer self, node_config config,
                               ledger_writer_actor writer,
                               const std::vector<validator_actor>& validators);

} // namespace chancery::actors
