// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hands out ranges of unsigned records; whoever gets one reads and hashes it.
// Tracks which lease holds which range, takes a range back when its lease is
// lost, and drops results whose lease does not hold their range. A batch has
// the time at which it was handed out last, and never one before that of an
// earlier batch. Results go to the record writer, those of other hosts only
// when the unit verifiers have found them right: a wrong one refuses the host
// for the rest of the run. While too much waits for verifiers or writer, no new
// work is handed out.
//
// In a service it is never over by itself. Signers ask whether there is work
// (`ready`) before they borrow keys, so that an idle one holds none and writes
// nothing into the journal; a request for work is answered at once, perhaps
// with none. A message to itself wakes it when a range becomes due.

#include "actors/base/defences.hpp"
#include "actors/base/milliseconds.hpp"
#include "actors/signing/parked_units.hpp"
#include "actors/signing/progress.hpp"
#include "actors/signing/range_book.hpp"
#include "actors/signing/signing_messages.hpp"
#include "crypto/base/random.hpp"
#include "storage/record_store.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::actors {

/// Limit of waiting requests for work; further ones get `busy`.
inline constexpr std::size_t waiting_requests_max = 4'096;

/// A unit ends with the batch that reaches this many records.
inline constexpr std::uint32_t unit_records_max = 4'096;

/// No work is handed out while this many records are handed in but not on disk.
inline constexpr std::uint64_t uncommitted_records_max = 200'000;

struct dispatcher_config {
  const storage::record_store* store = nullptr;
  std::uint32_t batch_size = 100;
  std::function<std::uint64_t()> wall_clock_ms; ///< since 1970
  signing_progress* progress = nullptr;
  std::uint16_t format = storage::signature_format::raw; ///< of the batches
  std::uint64_t begins_ms = 0; ///< no batch has an earlier time; since 1970
  /// From then on nothing is handed out: certificates end. Since 1970.
  std::optional<std::uint64_t> ends_ms{};
  std::optional<waiting_terms> service{};
  /// Of a service: whether the disk has room for signatures.
  std::function<bool()> has_room{};
  /// At least one when other hosts hand in units.
  std::vector<unit_verifier_actor> verifiers{};
  std::uint32_t verify_share = 1; ///< as of parked_units
  crypto::random_source random = crypto::system_random(); ///< for samples
  defences defended{};
};

class dispatcher_state {
 public:
  using pointer = dispatcher_actor::stateful_pointer<dispatcher_state>;
  static inline const char* name = "dispatcher";

  explicit dispatcher_state(pointer self) : self_(self) {}

  void start(dispatcher_config config, record_writer_actor writer);
  caf::typed_response_promise<std::uint32_t> ready(std::uint32_t most,
                                                   std::uint32_t wait_ms);
  void look();
  caf::typed_response_promise<unit> next(std::string leases);
  void hand_in(unit_result result);
  caf::typed_response_promise<unit_verdict> hand_in(remote_result result);
  void drop(const std::string& fences);
  void release(const std::string& fences);
  void drain();
  void approach_end();
  caf::result<bool> over() const;
  caf::typed_response_promise<std::uint64_t> finish();

 private:
  struct work_lease {
    std::uint64_t fence;
    storage::key_name key;
  };
  struct waiting_request {
    std::string bytes; ///< of the leases, as they came
    std::vector<work_lease> leases;
    caf::typed_response_promise<unit> promise;
  };
  struct asking_signer {
    std::uint32_t most;
    caf::actor_clock::time_point until; ///< max(): no limit
    caf::typed_response_promise<std::uint32_t> promise;
  };

  std::vector<work_lease> usable_leases(std::string_view leases) const;
  void serve();
  void hand_out();
  void answer_asking();
  void answer_asking(std::uint32_t batches);
  void look_again(std::uint64_t now_ms, std::uint64_t at_ms);
  bool may_hand_out() const;
  bool nothing_out() const;
  void hurry();
  void forget_waiting(const std::vector<std::uint64_t>& fences);
  bool end_pass();
  unit make_unit(const waiting_request& request);
  std::uint64_t batch_time();
  store_request accept(unit_result result, std::uint64_t& records);
  parked_unit accept(remote_unit_ptr unit);
  void verify(std::uint64_t ticket);
  void verified(std::uint64_t ticket, const chunk_verdict& verdict);
  void judge(std::uint64_t ticket);
  void refuse(const parked_unit& wrong);
  void put_back(const parked_unit& unit);
  void store(store_request request, std::uint64_t records);
  void stored(const store_result& result, std::uint64_t records);
  void answer_waiting();
  void fail(caf::error reason);

  pointer self_;
  dispatcher_config config_;
  record_writer_actor writer_;
  std::optional<range_book> book_;
  std::optional<parked_units> parked_;
  std::map<std::uint64_t, caf::typed_response_promise<unit_verdict>>
      verdicts_; // by ticket of the parked unit
  std::size_t next_verifier_ = 0;
  std::deque<waiting_request> waiting_;
  std::deque<asking_signer> asking_;
  std::uint64_t look_at_ms_ = 0; // when it will look again; 0: it will not
  std::vector<caf::typed_response_promise<std::uint64_t>> finishing_;
  caf::error failure_;             // empty unless the run failed
  std::uint64_t last_time_ms_ = 0; // of a batch
  std::uint64_t uncommitted_ = 0;  // records handed in, parked ones among them
  std::uint64_t stored_ = 0;
  std::uint64_t stored_in_pass_ = 0;
  std::uint64_t conflicts_in_pass_ = 0;
  bool draining_ = false;
  bool at_end_ = false; // result of the last approach_end
};

dispatcher_actor::behavior_type dispatcher(dispatcher_state::pointer self,
                                           dispatcher_config config,
                                           record_writer_actor writer);

} // namespace chancery::actors
