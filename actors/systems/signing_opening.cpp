// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/signing_opening.hpp"

#include "actors/base/wall_clock.hpp"
#include "crypto/base/random.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <vector>

namespace chancery::actors {

namespace {

std::vector<storage::key_name> active_keys(const crypto::keyring& keys) {
  std::vector<storage::key_name> active;
  for (const auto& key : crypto::record_keys(keys))
    active.push_back(key.id());
  return active;
}

void check(const coordinator_options& cluster, std::uint32_t batch_size,
           crypto::curve curve) {
  if (cluster.ttl_ms < lease_ttl_ms_min || cluster.ttl_ms > lease_ttl_ms_max)
    throw std::invalid_argument(
        fmt::format("a lease to another host must last {} to {} ms",
                    lease_ttl_ms_min, lease_ttl_ms_max));
  const auto batch_max = unit_bytes_max / crypto::signature_size(curve);
  if (batch_size > batch_max)
    throw std::invalid_argument(fmt::format(
        "with workers on other hosts the batch size must be 1 to {}",
        batch_max));
}

worker_verification verification_of(std::uint32_t share) {
  return {share == 1 ? storage::worker_policy::all
                     : storage::worker_policy::sample,
          share};
}

} // namespace

void check_signing(const signing_options& options, crypto::curve curve) {
  if (options.batch_size == 0 || options.batch_size > batch_size_max)
    throw std::invalid_argument(
        fmt::format("the batch size must be 1 to {}", batch_size_max));
  const std::size_t signers_min = options.cluster ? 0 : 1;
  if (options.signers < signers_min || options.signers > signers_max)
    throw std::invalid_argument(fmt::format(
        "the number of signers must be {} to {}", signers_min, signers_max));
  if (options.cluster)
    check(*options.cluster, options.batch_size, curve);
}

opened_epoch open_signing(storage::record_store& store,
                          const crypto::keyring& keys,
                          const signing_options& options) {
  epoch_options opening;
  opening.batch_size = options.batch_size;
  if (options.cluster) {
    opening.remote_possible = true;
    opening.ttl_ms_max = options.cluster->ttl_ms;
    opening.verification = verification_of(options.cluster->verify_share);
  }
  opening.provider = static_cast<std::uint8_t>(options.provider);
  opening.id = crypto::make_random_id(crypto::system_random());
  opening.time_ms = wall_clock_ms();
  if (options.service) {
    opening.max_wait_ms = options.service->max_wait_ms;
    opening.time_ms = options.service->clock_ms();
  }
  return open_epoch(store, active_keys(keys), opening);
}

} // namespace chancery::actors
