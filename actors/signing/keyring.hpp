// SPDX-License-Identifier: Apache-2.0
#pragma once

// Owns the LRU priority queue of keys and lends them as leases. It holds no
// private key: a lease is a capability that a vault checks. Every event is sent
// to the record writer before anyone else learns of it, so that the journal on
// disk is always a prefix of what happened, and no stored signature lacks its
// lease. It monitors local borrowers and takes their keys back when they end.
//
// A borrower on another host whose lease has lived as long as it may, and was
// not given back, gets nothing for a while, so that others take over its range.
// After that its leases may live twice as long: an honest one that is slow
// finishes in the end, and one that only holds on cannot make a run last more
// than twice as long.

#include "actors/base/defences.hpp"
#include "actors/base/milliseconds.hpp"
#include "actors/signing/lease_book.hpp"
#include "actors/signing/progress.hpp"
#include "actors/signing/signing_messages.hpp"
#include "crypto/keyring/lease.hpp"

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace chancery::actors {

/// Limit of waiting borrowers; further ones get `busy`.
inline constexpr std::size_t waiting_borrowers_max = 4'096;

/// Shortest interval between notices of returned leases to the dispatcher,
/// which needs only those that were returned unsigned.
inline constexpr milliseconds release_interval{20};

/// Limit of keys per request; a larger count is reduced to it.
inline constexpr std::uint32_t keys_per_borrow_max = 4'096;

/// How often the life of a late borrower's leases is doubled at most.
inline constexpr unsigned life_doublings_max = 6;

struct keyring_config {
  storage::epoch_opened epoch;
  std::shared_ptr<crypto::lease_authority> authority;
  crypto::keyring_purpose purpose = crypto::keyring_purpose::raw;
  milliseconds quarantine{0}; ///< nothing is lent before this has passed
  std::function<std::uint64_t()> wall_clock_ms; ///< since 1970
  signing_progress* progress = nullptr;
  defences defended{};
};

class keyring_state {
 public:
  using pointer = keyring_actor::stateful_pointer<keyring_state>;
  static inline const char* name = "keyring";

  explicit keyring_state(pointer self) : self_(self) {}

  void start(keyring_config config, record_writer_actor writer,
             dispatcher_actor dispatcher);
  caf::typed_response_promise<grant> borrow(borrow_request request);
  caf::typed_response_promise<unit> fetch(borrow_request request);
  grant renew(const renew_request& request);
  void give_back(const std::string& leases);
  void expire();
  void lend();
  void drain();
  caf::typed_response_promise<std::uint64_t> close();
  void holder_ended(caf::actor_id holder);

 private:
  struct waiting_borrower {
    caf::actor_id holder;
    borrow_request request;
    caf::response_promise promise;
    bool fetches;          ///< wants work, not the grant
    milliseconds until{0}; ///< deadline of its wait; 0: none
  };

  /// A borrower that kept a lease for too long.
  struct late_borrower {
    unsigned times = 0;
    milliseconds paused_until{0};
  };

  template <class Answer>
  caf::typed_response_promise<Answer> queue(borrow_request request);
  milliseconds now() const;
  void end_waits();
  void pause(const lease_terms& kept);
  bool is_paused(const borrow_request& request) const;
  milliseconds life_for(const borrow_request& request) const;
  void take_back(const std::string& leases);
  void send_releases();
  void serve();
  void lend_to(waiting_borrower& borrower);
  void record_lent(const crypto::lease_set& set, const std::string& borrower);
  void lose(const std::vector<std::uint64_t>& fences);
  void record(const storage::event& e);
  void send_events();
  void count_keys_out();

  pointer self_;
  keyring_config config_;
  record_writer_actor writer_;
  dispatcher_actor dispatcher_;
  std::optional<lease_book> book_;
  std::deque<waiting_borrower> waiting_;
  std::set<caf::actor_id> watched_;
  std::map<std::string, late_borrower> late_; // by name
  std::string events_;                        // for the writer, not sent yet
  std::string releases_; // fences for the dispatcher, not sent yet
  bool lending_ = false;
  bool draining_ = false;
  bool closing_ = false;
};

keyring_actor::behavior_type keyring(keyring_state::pointer self,
                                     keyring_config config,
                                     record_writer_actor writer,
                                     dispatcher_actor dispatcher);

} // namespace chancery::actors
