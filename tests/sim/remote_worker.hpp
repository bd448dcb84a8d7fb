// SPDX-License-Identifier: Apache-2.0
#pragma once

// A simulated worker on another host; the actor stands for its gateway, too. It
// borrows remote leases, and then misbehaves in every way that a remote machine
// can. It has its own vault. Its behaviour depends on the seed alone.

#include "actors/signing/seal_formats.hpp"
#include "actors/signing/signing_messages.hpp"
#include "actors/signing/unit.hpp"
#include "crypto/keyring/vault.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <vector>

namespace chancery::tests {

/// A delayed result and its leases, which may arrive after its epoch.
struct late_mail {
  actors::unit_result result;
  std::string leases;
};

struct remote_worker_config {
  const storage::record_store* store = nullptr;
  std::shared_ptr<actors::seal_formats> seals{}; ///< of an epoch of seals
  crypto::vault* vault = nullptr;                ///< with an honest clock
  crypto::vault* stuck_vault = nullptr; ///< its clock is stopped: signs late
  std::shared_ptr<std::chrono::milliseconds> stuck_time; ///< of that clock
  std::function<std::chrono::milliseconds()> now;
  std::mt19937_64* random = nullptr; ///< the world's
  std::vector<late_mail>* late = nullptr;
  std::uint32_t ttl_ms = 0;
  std::uint32_t leases = 1;
  const bool* healed = nullptr; ///< behave from then on
  bool service = false; ///< asks for work before it borrows, and goes on
};

using remote_worker_actor =
    caf::typed_actor<caf::reacts_to<actors::start_atom>,
                     // To itself: a delayed action is due.
                     caf::reacts_to<actors::expire_atom>>;

class remote_worker_state {
 public:
  enum class manner {
    prompt,      ///< signs, hands in, gives back
    slow_mail,   ///< signs in time, but the result arrives late
    slow_signer, ///< sleeps before it signs; an honest vault may refuse
    stuck_clock, ///< sleeps before it signs, and its vault does not notice
    vanish,      ///< keeps the keys and stays silent
  };

  using pointer = remote_worker_actor::stateful_pointer<remote_worker_state>;
  static inline const char* name = "remote_worker";

  explicit remote_worker_state(pointer self) : self_(self) {}

  void configure(remote_worker_config config, actors::keyring_actor keyring,
                 actors::dispatcher_actor dispatcher);
  void go_on();
  void borrow();
  void do_what_is_due();

 private:
  void work(const std::string& leases, const actors::unit& u);
  void sign(crypto::vault& vault, const std::string& leases,
            const actors::unit& u, std::chrono::milliseconds mail_delay);
  void hand_in(const late_mail& mail);
  void later(std::chrono::milliseconds delay, std::function<void()> f);
  std::chrono::milliseconds long_time();

  pointer self_;
  remote_worker_config config_;
  actors::keyring_actor keyring_;
  actors::dispatcher_actor dispatcher_;
  std::multimap<caf::actor_clock::time_point, std::function<void()>> put_off_;
};

remote_worker_actor::behavior_type
remote_worker(remote_worker_state::pointer self, remote_worker_config config,
              actors::keyring_actor keyring,
              actors::dispatcher_actor dispatcher);

} // namespace chancery::tests
