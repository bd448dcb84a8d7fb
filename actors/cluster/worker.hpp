// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs a worker on its own host: connects to the coordinator, greets it, runs
// the signers, and starts over when the connection is lost, the coordinator
// restarts, or all is signed. It quits after a drain, when all is signed and it
// is for one run only, or when one of the two refuses the other (other keys, no
// keyring, another protocol), as retrying would not help. It is greeted when
// both have proved that they hold the keyring.
//
//              ┌──────────────── after a pause ─────────────────┐
//              ▼                                                │
//   ──► dialling ──► greeting ──► signing ──► all signed ───────┤
//              │          │          │                          │
//              └──────────┴──────────┴──── lost or failed ──────┘
//
// The signers of a lost connection end before those of the next one start, as
// both use the same keys.

#include "actors/base/backoff.hpp"
#include "actors/base/milliseconds.hpp"
#include "actors/cluster/cluster_messages.hpp"
#include "actors/cluster/coordinator_check.hpp"
#include "actors/cluster/remote_signer.hpp"
#include "crypto/keyring/vault.hpp"

#include <caf/actor_addr.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace chancery::actors {

/// Pause before a worker reconnects to a coordinator that reported that all is
/// signed, and that is about to exit.
inline constexpr milliseconds next_run_pause{1'000};

struct worker_config {
  connector_actor connector;
  hello greeting;
  std::optional<crypto::greeting_prover> prover; ///< must be set
  crypto::random_source nonces = crypto::system_random();
  std::size_t signers = 1;
  bool once = false;            ///< ends when all is signed
  bool detached_signers = true; ///< false under a test scheduler
  std::function<std::shared_ptr<crypto::vault>(const welcome&)> make_vault;
  std::function<milliseconds()> now;            ///< the vault's clock
  std::function<double()> random;               ///< 0 to 1
  std::function<void(const std::string&)> note; ///< a sentence for people
  worker_progress* progress = nullptr;
};

class worker_state {
 public:
  using pointer = worker_actor::stateful_pointer<worker_state>;
  static inline const char* name = "worker";

  explicit worker_state(pointer self) : self_(self) {}
  /// Ends the signers, for whatever reason the worker ended.
  ~worker_state();

  void start(worker_config config);
  void dial();
  void drain();
  void down(const caf::down_msg& down);

 private:
  enum class stage { pausing, dialling, greeting, signing };

  void connected(const dialled& peer);
  template <class Answer, class... Ts>
  void greet(void (worker_state::*next)(const Answer&), Ts... words);
  void welcomed(const welcome& w);
  void answered(const challenge_answer& a);
  void begin(const admitted&);
  bool still(stage s, std::uint64_t attempt) const;
  void sign(const welcome& w);
  void signer_ended(const caf::down_msg& down);
  void abandon(const std::string& why);
  void end_session();
  void dial_later(milliseconds pause);
  void trouble(const caf::error& e);
  void refuse(caf::error reason);

  pointer self_;
  worker_config config_;
  backoff backoff_;
  gateway_actor gateway_;
  std::optional<coordinator_check> check_; // of this connection
  std::shared_ptr<crypto::vault> vault_;
  std::string vault_epoch_;    // the epoch id that the vault is for
  std::string finished_epoch_; // the epoch in which all is signed
  std::set<caf::actor_addr> signers_;
  std::vector<remote_signer_actor> signer_handles_;
  bool lost_ = false;     // this session failed; another one follows
  bool troubled_ = false; // the lost connection has been reported
  bool draining_ = false;
  stage stage_ = stage::pausing;
  std::uint64_t attempt_ = 0; // answers to earlier ones are ignored
};

worker_actor::behavior_type worker(worker_state::pointer self,
                                   worker_config config);

} // namespace chancery::actors
