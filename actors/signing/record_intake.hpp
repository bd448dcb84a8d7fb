// SPDX-License-Identifier: Apache-2.0
#pragma once

// Takes new records into a service. It gathers requests, has the record writer
// append them, one group of requests a commit, replies after that commit, and
// tells the dispatcher that there is work. It outlives epochs. What waits is
// limited: more is refused as busy, and where the disk is nearly full as
// disk_full, before a commit can fail. What a request holds is judged once, by
// the writer (record_append.hpp), as this actor shares its thread with keyring
// and dispatcher.
//
// Schedule it: it blocks on nothing. It is the only one that sends the writer
// records.

#include "actors/base/milliseconds.hpp"
#include "actors/signing/signing_messages.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace chancery::actors {

/// Limits of what waits for a commit.
inline constexpr std::size_t waiting_records_max = 100'000;
inline constexpr std::size_t waiting_bytes_max = std::size_t{256} << 20;

/// Limits of what is sent to the writer at once, but for a single request.
inline constexpr std::size_t group_records_max = 10'000;
inline constexpr std::size_t group_bytes_max = std::size_t{32} << 20;

struct record_intake_config {
  /// Bytes that the store may still grow by.
  std::function<std::uint64_t()> room;
  std::uint64_t reserve = 0; ///< bytes; with less room, nothing is taken
};

class record_intake_state {
 public:
  using pointer = record_intake_actor::stateful_pointer<record_intake_state>;
  static inline const char* name = "record_intake";

  explicit record_intake_state(pointer self) : self_(self) {}

  void start(record_intake_config config, record_writer_actor writer);
  void take_in(record_submission submission);
  void follow(dispatcher_actor dispatcher);
  caf::typed_response_promise<std::uint64_t> close();

 private:
  struct waiting_request {
    record_submission submission;
    std::size_t bytes;
  };

  void send_group();
  void stored(intake_result& result);
  void failed(const caf::error& why);
  void settle(const waiting_request& of, record_answer answer);
  void end_if_done();

  pointer self_;
  record_intake_config config_;
  record_writer_actor writer_;
  dispatcher_actor dispatcher_;
  std::deque<waiting_request> waiting_;
  std::vector<waiting_request> group_; ///< at the writer
  std::size_t records_ = 0;            ///< of both
  std::size_t bytes_ = 0;              ///< of both
  std::set<std::string> marks_;        ///< of both
  std::vector<caf::typed_response_promise<std::uint64_t>> closing_;
  bool closed_ = false;
};

record_intake_actor::behavior_type
record_intake(record_intake_state::pointer self, record_intake_config config,
              record_writer_actor writer);

} // namespace chancery::actors
