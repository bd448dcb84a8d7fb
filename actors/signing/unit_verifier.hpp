// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verifies what other hosts have signed, a chunk of a unit at a time, on the
// dispatcher's behalf: keyring, dispatcher and gateways never wait for
// arithmetic. Spawn it detached, one per core.

#include "actors/signing/signing_messages.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/providers/provider.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <map>
#include <memory>

namespace chancery::actors {

struct unit_verifier_config {
  crypto::curve curve = crypto::curve::p256;
  /// Those that are lent in this epoch; shared by all verifiers.
  std::shared_ptr<const std::map<storage::key_name, crypto::public_key>> keys;
  /// Empty: the fastest one of this processor.
  std::function<std::unique_ptr<crypto::signature_verifier>()> make{};
};

class unit_verifier_state {
 public:
  using pointer = unit_verifier_actor::stateful_pointer<unit_verifier_state>;
  static inline const char* name = "unit_verifier";

  void start(unit_verifier_config config);
  caf::result<chunk_verdict> verify(const unit_chunk& chunk);

 private:
  unit_verifier_config config_;
  std::unique_ptr<crypto::signature_verifier> verifier_;
};

unit_verifier_actor::behavior_type
unit_verifier(unit_verifier_state::pointer self, unit_verifier_config config);

} // namespace chancery::actors
