// SPDX-License-Identifier: Apache-2.0
#pragma once

// Represents one connection of a worker at its coordinator. It carries the name
// in the worker's certificate, calls keyring and dispatcher on its behalf, and
// is all that the worker can reach: no handle of theirs ever leaves this host.
// It accepts results and returns only of leases that went out through it: it
// never ends leases granted over another connection, not even the same
// worker's. The keys that it borrows are lent to the worker and not to this
// actor, so its end ends no lease: a worker that is cut off may still be
// signing.
//
// What a worker hands in is verified before it is stored
// (signing/dispatcher.hpp), with the digests of the unit as it was sent. While
// two of its units have no verdict, its next request waits. A wrong signature
// ends every connection of this worker: with its next request, which is
// answered with `refused` and a sentence, or after 5 s.
//
// Before the worker has proved that it holds the keyring (worker_greeting.hpp)
// nothing is served. A request before that, and a greeting that is refused or
// not complete after 10 s, ends this actor, and with it the connection, as does
// a message that the protocol does not have. The reason of its end is a fault
// with the sentence for the coordinator's log.
//
// Each request gets an answer, at the latest when this actor ends, unless it is
// killed.
//
// In a service an idle worker asks all the time, so keys are borrowed only once
// the dispatcher has work, and nothing is written into the journal before.
//
// Waiting requests and leases out are limited per connection; above the limit
// the answer is `busy`. Waits are limited in time, because a worker treats a
// missing answer as a lost connection.

#include "actors/base/milliseconds.hpp"
#include "actors/cluster/cluster_messages.hpp"
#include "actors/cluster/units_out.hpp"
#include "actors/cluster/worker_greeting.hpp"
#include "actors/signing/progress.hpp"
#include "actors/signing/worker_table.hpp"
#include "crypto/keyring/lease.hpp"
#include "crypto/keys/key.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace chancery::actors {

/// Longest wait of a request for work: first for keys, and again for a range.
/// At most a quarter of the leases' time, too: it counts from the moment of
/// asking, and would otherwise be over when the keys come.
inline constexpr milliseconds gateway_wait_max{2'000};

/// How long a worker that is refused may take to ask for something and be told.
inline constexpr milliseconds shut_out_time_max{5'000};

/// Units without a verdict, above which a connection's requests for work wait.
inline constexpr std::uint32_t unverified_units_max = 2;

struct gateway_config {
  std::string worker;      ///< the name in its certificate
  welcome greeting;        ///< the answer to its hello, with the limits
  std::string fingerprint; ///< 32 bytes: of the keyring that it must have
  std::size_t signature_size = 64;
  std::uint32_t batch_size = 1; ///< records under one lease
  /// Of a service: it asks for work before it borrows keys, and never says that
  /// all is done.
  bool service = false;
  record_reader_actor reader; ///< of the records of its units
  worker_table* table = nullptr;
  signing_progress* progress = nullptr;
  secure_channel channel{};                               ///< to the worker
  std::optional<crypto::greeting_prover> prover{};        ///< must be set
  crypto::random_source random = crypto::system_random(); ///< for nonces
  defences defended{};
};

/// A gateway's whole interface.
using timed_gateway_actor = gateway_actor::extend<
    // To itself: the time for the greeting is over, or for telling a worker
    // that it is refused.
    caf::reacts_to<expire_atom>,
    // To itself: this request for work has waited long enough for verdicts.
    caf::reacts_to<expire_atom, std::uint64_t>,
    // To itself: this worker is refused for the rest of the run, for a reason.
    caf::reacts_to<refuse_atom, std::string>>;

class gateway_state {
 public:
  using pointer = timed_gateway_actor::stateful_pointer<gateway_state>;
  static inline const char* name = "gateway";

  explicit gateway_state(pointer self) : self_(self) {}
  ~gateway_state();

  void start(gateway_config config, keyring_actor keyring,
             dispatcher_actor dispatcher);
  caf::result<welcome> greet(const hello& h);
  caf::result<challenge_answer> prove(const challenge& c);
  caf::result<admitted> admit(const proof& p);
  void expired();
  caf::typed_response_promise<work_answer> work(work_request& request);
  caf::typed_response_promise<grant> renew(renew_request& request);
  void bye();
  void waited(std::uint64_t request);
  void shut_out(const std::string& why);
  caf::error refuse(std::string why);
  void fail_all(const caf::error& reason);

 private:
  using time_point = units_out::time_point;
  using answer_promise = caf::typed_response_promise<work_answer>;
  struct open_request {
    answer_promise promise;
    std::uint32_t count;
    std::uint64_t nonce;
    time_point asked;
  };

  template <class Answer>
  bool serves(caf::typed_response_promise<Answer>& promise);
  std::size_t leases_max() const;
  milliseconds wait() const;
  void take(work_request& request);
  void hand_in(work_request& request);
  void judged();
  std::uint64_t open(const work_request& request, answer_promise promise);
  void hold(std::uint64_t id);
  void go_on(std::uint64_t id, std::string returned);
  void ask(std::uint64_t id);
  std::uint32_t wait_left_ms(std::uint64_t id) const;
  void borrow(std::uint64_t id, std::uint32_t leases, std::string returned);
  void ask_for_work(std::uint64_t id, const std::string& leases);
  void hash(std::uint64_t id, unit u);
  void send_out(std::uint64_t id, unit u);
  static work_answer only(work_state state);
  void answer(std::uint64_t id, work_answer a);
  void fail(std::uint64_t id, caf::error reason);
  template <class Step>
  void attempt(std::uint64_t id, const Step& step);
  void renewed(std::uint64_t id, grant& g);
  bool nothing_open() const { return open_.empty() && renewals_.empty(); }
  std::string forget(const std::string& leases);

  pointer self_;
  gateway_config config_;
  keyring_actor keyring_;
  dispatcher_actor dispatcher_;
  std::optional<worker_greeting> greeting_; // set by start()
  std::uint64_t row_ = 0;
  std::uint64_t watch_ = 0; // of refused_workers
  units_out out_;
  std::optional<caf::error> shut_out_; // the answer to every request
  std::uint32_t unverified_ = 0;       // units handed in that have no verdict
  std::uint64_t last_request_ = 0;
  std::map<std::uint64_t, open_request> open_; // requests without an answer
  std::map<std::uint64_t, caf::typed_response_promise<grant>> renewals_;
  std::deque<std::uint64_t> held_; // of them, those that wait for verdicts
};

timed_gateway_actor::behavior_type gateway(gateway_state::pointer self,
                                           gateway_config config,
                                           keyring_actor keyring,
                                           dispatcher_actor dispatcher);

} // namespace chancery::actors
