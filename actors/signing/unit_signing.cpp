// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/unit_signing.hpp"

#include "crypto/providers/provider.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

unit_signing::unit_signing(crypto::curve curve, crypto::lease_set leases,
                           std::vector<unit_batch> batches, std::string digests)
    : digest_size_(crypto::field_size(curve)),
      signature_size_(crypto::signature_size(curve)),
      leases_(std::move(leases)), batches_(std::move(batches)),
      digests_(std::move(digests)) {
  const auto& lent = leases_.leases;
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    if (i >= lent.size() || lent[i].fence != batches_[i].fence)
      throw std::invalid_argument("a unit's batches do not match its leases");
    total_ += batches_[i].count;
  }
  if (digests_.size() != total_ * digest_size_)
    throw std::invalid_argument("a unit's digests have a wrong length");
  signatures_.resize(total_ * signature_size_);
}

bool unit_signing::renew(crypto::lease_set renewed) {
  if (renewed.leases != leases_.leases)
    return false;
  leases_ = std::move(renewed);
  return true;
}

void unit_signing::step(crypto::vault::session& session) {
  chunk_.clear();
  std::size_t count = 0;
  while (batch_ < batches_.size() && count < chunk_digests) {
    const auto part = std::min<std::size_t>(batches_[batch_].count - of_batch_,
                                            chunk_digests - count);
    chunk_.push_back({batch_, part});
    count += part;
    of_batch_ += part;
    if (of_batch_ == batches_[batch_].count) {
      ++batch_;
      of_batch_ = 0;
    }
  }
  const auto from = std::as_bytes(std::span(digests_));
  const auto to = std::as_writable_bytes(std::span(signatures_));
  try {
    session.sign_batch(
        leases_, chunk_,
        from.subspan(signed_ * digest_size_, count * digest_size_),
        to.subspan(signed_ * signature_size_, count * signature_size_));
  } catch (const crypto::wrong_signature& e) {
    throw wrong_in_batch(fmt::format("{}: {}; nothing of this call is stored; "
                                     "earlier batches: run `chancery repair`",

                                     where(signed_ + e.index()), e.what()));
  }
  signed_ += count;
}

std::string unit_signing::where(std::size_t index) const {
  for (const auto& batch : batches_) {
    if (index < batch.count)
      return fmt::format("record {} of batch {}", batch.first + index,
                         batch.first);
    index -= batch.count;
  }
  return "a record";
}

} // namespace chancery::actors
