// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only writer of the record store while an epoch is open. It gathers
// finished batches and journal events and commits them together, at most once
// per commit interval while work flows: a commit costs a disk sync, however
// much it holds. A request is answered only once its commit is on disk. After a
// failed commit there is no other, and the run ends; only whole batches are
// stored. Every later request is answered with the reason, until the owner ends
// the actor.
//
// Spawn it detached: it blocks on the disk. The dispatcher limits what waits
// here: it stops handing out work (dispatcher.hpp).

#include "actors/base/commit_schedule.hpp"
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
  void journal(const std::string& events);
  void commit();
  caf::typed_response_promise<std::uint64_t> sync();

 private:
  struct pending_batches {
    store_request request;
    caf::typed_response_promise<store_result> promise;
    store_result result{};
  };

  bool whole(const store_request& request) const;
  void write();
  void write_batches(storage::write_transaction& transaction,
                     pending_batches& pending);
  void answer();
  void fail(caf::error reason);
  void gather();

  pointer self_;
  record_writer_config config_;
  std::string events_;
  std::vector<pending_batches> batches_;
  caf::error failure_; // empty unless a commit failed
  commit_schedule schedule_;
};

record_writer_actor::behavior_type
record_writer(record_writer_state::pointer self, record_writer_config config);

} // namespace chancery::actors
