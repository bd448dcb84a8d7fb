// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/unit_verifier.hpp"

#include "actors/base/quiet.hpp"

#include <span>
#include <utility>
#include <vector>

namespace chancery::actors {

void unit_verifier_state::start(unit_verifier_config config) {
  config_ = std::move(config);
  verifier_ = config_.make ? config_.make()
                           : crypto::make_verifier(crypto::provider_from_name(
                                                       "auto", config_.curve),
                                                   config_.curve);
}

caf::result<chunk_verdict>
unit_verifier_state::verify(const unit_chunk& chunk) {
  try {
    std::vector<crypto::signature_claim> claims;
    claims.reserve(chunk.indexes.size());
    const remote_batch* batch = nullptr;
    const crypto::public_key* key = nullptr;
    for (const auto index : chunk.indexes) {
      if (batch == nullptr || index >= batch->begin + batch->batch.count) {
        batch = &chunk.unit->batch_of(index);
        key = &config_.keys->at(batch->key);
      }
      claims.push_back(
          {key, chunk.unit->digest(index), chunk.unit->signature(index)});
    }
    const auto verdicts = std::make_unique<bool[]>(claims.size());
    verifier_->verify_batch(claims, {verdicts.get(), claims.size()});
    chunk_verdict verdict;
    for (std::size_t i = 0; i < claims.size(); ++i)
      if (!verdicts[i] && verdict.wrong++ == 0)
        verdict.first_wrong = chunk.indexes[i];
    return verdict;
  } catch (...) {
    return make_fault(fault::internal, caught_sentence());
  }
}

unit_verifier_actor::behavior_type
unit_verifier(unit_verifier_state::pointer self, unit_verifier_config config) {
  keep_quiet(self);
  self->state.start(std::move(config));
  return {
      [self](verify_atom, const unit_chunk& chunk) {
        return self->state.verify(chunk);
      },
  };
}

} // namespace chancery::actors
