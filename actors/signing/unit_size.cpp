// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/unit_size.hpp"

#include <algorithm>

namespace chancery::actors {

namespace {

/// Fewest units into which each signer's share of a run is divided.
constexpr std::uint64_t units_at_end = 8;

/// With fewer batches per signer, each has one outstanding unit only, so that
/// none holds back a batch that another core could sign.
constexpr std::uint64_t batches_worth_queueing = 16;

/// Digests that a vector instruction of the batch kernel works on.
constexpr std::uint32_t lanes = 8;

std::uint64_t wanted(const unit_size_limits& l) {
  return (l.records_wanted + l.batch_size - 1) / l.batch_size;
}

std::uint32_t at_end(const unit_size_limits& l, std::uint64_t leases) {
  const auto most =
      l.unsigned_records / (units_at_end * l.signers * l.batch_size);
  return static_cast<std::uint32_t>(
      std::max<std::uint64_t>(1, std::min(leases, most)));
}

} // namespace

unit_plan local_units(const unit_size_limits& l) {
  const auto share = l.keys / l.signers;
  const bool keys_for_two = share >= 2 * wanted(l);
  const auto batches = l.unsigned_records / l.batch_size / l.signers;
  unit_plan plan;
  plan.outstanding = keys_for_two && batches >= batches_worth_queueing ? 2 : 1;
  plan.leases =
      at_end(l, keys_for_two ? wanted(l) : std::min(share, 2 * wanted(l)));
  // A few digests too many would leave most lanes of an instruction empty.
  const auto rest = plan.leases % lanes;
  if (!keys_for_two && plan.leases > 2 * lanes && rest < lanes / 2)
    plan.leases -= rest;
  return plan;
}

std::uint32_t leases_per_unit(const unit_size_limits& l) {
  return at_end(l, std::min(wanted(l), l.keys / (l.signers * 2)));
}

} // namespace chancery::actors
