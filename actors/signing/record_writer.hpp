// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only writer of the record store while an epoch is open. It gathers
// finished batches, journal events and new records, and commits them together,
// at most once per commit interval while work flows: a commit costs a disk
// sync, however much it holds. A request is answered only once its commit is on
// disk. After a failed commit there is no other, and the run ends; only whole
// batches are stored. Every later request is answered with the reason, until
// the owner ends the actor.
//
// With new records come their names, when they came, and the marks of requests
// that may be sent again; old marks are removed on the way, a few at each such
// commit.
//
// Spawn it detached: it blocks on the disk. Dispatcher and intake limit what
// waits here: one hands out no work, the other has one request under way.

#include "actors/base/commit_schedule.hpp"
#include "actors/base/defences.hpp"
#include "actors/base/milliseconds.hpp"
#include "actors/signing/progress.hpp"
#include "actors/signing/signing_messages.hpp"
#include "storage/record_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace chancery::actors {

struct record_writer_config {
  storage::record_store* store = nullptr;
  signing_progress* progress = nullptr;
  /// How long it sleeps when its mailbox is empty and a commit is due later, so
  /// that whoever sends it something then need not wake its thread: with units
  /// of few records that costs them more than the message. 0: not at all, as it
  /// must be where it has no thread of its own.
  milliseconds nap{0};
  /// Of a service, which appends records: since 1970, and never goes back.
  std::function<std::uint64_t()> wall_clock_ms{};
  milliseconds marks_kept{std::chrono::hours{72}};
  bool refuses_empty = false; ///< records without bytes
  defences defended{};
  /// Called after each commit with the batches that it stored, if any.
  std::function<void(const std::vector<storage::batch_row>&)> signed_now{};
  /// Called once, on the actor's thread, when a commit failed.
  std::function<void(const caf::error&)> failed{};
};

class record_writer_state {
 public:
  using pointer = record_writer_actor::stateful_pointer<record_writer_state>;
  static inline const char* name = "record_writer";

  explicit record_writer_state(pointer self) : self_(self) {}

  void start(record_writer_config config) { config_ = std::move(config); }
  caf::typed_response_promise<store_result> store(store_request request);
  caf::typed_response_promise<intake_result> append(intake_request request);
  void journal(const std::string& events);
  void commit();
  caf::typed_response_promise<std::uint64_t> sync();

 private:
  struct pending_batches {
    store_request request;
    caf::typed_response_promise<store_result> promise;
    store_result result{};
    std::vector<storage::batch_row> stored{};
  };
  struct pending_records {
    intake_request request;
    caf::typed_response_promise<intake_result> promise;
    intake_result result{};
  };

  bool whole(const store_request& request) const;
  void write();
  void write_batches(storage::write_transaction& transaction,
                     pending_batches& pending);
  void write_records(storage::write_transaction& transaction);
  void tell_signed();
  void answer();
  void fail(caf::error reason);
  void gather();

  pointer self_;
  record_writer_config config_;
  std::string events_;
  std::vector<pending_batches> batches_;
  std::vector<pending_records> records_;
  std::string swept_;  ///< where the next sweep of old marks begins
  caf::error failure_; // empty unless a commit failed
  commit_schedule schedule_;
};

record_writer_actor::behavior_type
record_writer(record_writer_state::pointer self, record_writer_config config);

} // namespace chancery::actors
