// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signs units. It keeps one or a few outstanding; each is a chain of fetching
// keys and work, reading and hashing its records, signing them through the
// vault, handing in, and giving the keys back with the next request. It
// quits when nothing is left to sign, and with an error on a fault; the keyring
// then takes its keys back, and its ranges go to others. In a service it asks
// for work first, and holds no key while it waits.
//
// Spawn it detached, one per core: signing blocks its thread.

#include "actors/signing/signing_messages.hpp"
#include "actors/signing/unit.hpp"
#include "actors/signing/unit_hasher.hpp"
#include "crypto/keyring/lease.hpp"
#include "crypto/keyring/vault.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chancery::actors {

struct signer_config {
  crypto::vault* vault = nullptr;
  const storage::record_store* store = nullptr;
  std::uint32_t leases_per_unit = 1;
  std::uint32_t units_outstanding = 2;
  bool asks_first = false;               ///< in a service
  std::shared_ptr<seal_formats> seals{}; ///< of the epoch; null in a raw one
};

class signer_state {
 public:
  using pointer = signer_actor::stateful_pointer<signer_state>;
  static inline const char* name = "signer";

  explicit signer_state(pointer self) : self_(self) {}

  void configure(signer_config config, keyring_actor keyring,
                 dispatcher_actor dispatcher);
  void start();

 private:
  void go_on(std::string returned);
  void ask();
  void fetch(std::uint32_t leases, std::string returned);
  void failed(caf::error why);
  void work(unit u);
  void sign(unit& u);
  void end_chain();

  pointer self_;
  signer_config config_;
  keyring_actor keyring_;
  dispatcher_actor dispatcher_;
  std::optional<crypto::vault::session> session_;
  std::optional<unit_hasher> hasher_;
  std::uint32_t chains_ = 0;
};

signer_actor::behavior_type signer(signer_state::pointer self,
                                   signer_config config, keyring_actor keyring,
                                   dispatcher_actor dispatcher);

} // namespace chancery::actors
