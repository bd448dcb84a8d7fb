// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hashes the records of units that go to other hosts, on their gateways'
// behalf: gateways share threads with others, and must not read the disk. It
// ends with the error of what it cannot read. Spawn it detached; one hashes
// more than a host can verify.

#include "actors/signing/signing_messages.hpp"
#include "actors/signing/unit_hasher.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace chancery::actors {

class record_reader_state {
 public:
  using pointer = record_reader_actor::stateful_pointer<record_reader_state>;
  static inline const char* name = "record_reader";

  explicit record_reader_state(pointer self) : self_(self) {}

  void start(const storage::record_store& store, crypto::curve curve,
             std::shared_ptr<seal_formats> seals) {
    hasher_.emplace(store, curve, std::move(seals));
  }
  caf::result<unit> hash(unit work);

 private:
  pointer self_;
  std::optional<unit_hasher> hasher_;
};

record_reader_actor::behavior_type
record_reader(record_reader_state::pointer self,
              const storage::record_store* store, crypto::curve curve,
              std::shared_ptr<seal_formats> seals);

} // namespace chancery::actors
