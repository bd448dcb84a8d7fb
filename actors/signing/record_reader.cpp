// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/record_reader.hpp"

#include "actors/base/quiet.hpp"

#include <utility>

namespace chancery::actors {

caf::result<unit> record_reader_state::hash(unit work) {
  try {
    work.digests = hasher_->digests_of(
        decode_unit_batches(work.batches),
        crypto::decode_leases(work.leases).leases, work.time_ms);
    return work;
  } catch (...) {
    auto reason = make_fault(fault::damaged, caught_sentence());
    self_->quit(reason);
    return reason;
  }
}

record_reader_actor::behavior_type
record_reader(record_reader_state::pointer self,
              const storage::record_store* store, crypto::curve curve,
              std::shared_ptr<seal_formats> seals) {
  keep_quiet(self);
  self->state.start(*store, curve, std::move(seals));
  return {
      [self](hash_atom, unit& work) {
        return self->state.hash(std::move(work));
      },
  };
}

} // namespace chancery::actors
