// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/signing_opening.hpp"

#include "actors/base/wall_clock.hpp"
#include "crypto/base/random.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>
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

/// A JWS over nothing is a detached one, over whatever its reader has.
void require_content(const storage::snapshot& view) {
  auto records = view.walk(storage::table::records);
  const auto count = view.record_count();
  for (auto id = view.first_unsigned(0); id < count;
       id = view.first_unsigned(id)) {
    const auto end = view.next_batch_start(id).value_or(count);
    for (bool more = records.seek(id); more && id < end;
         more = records.next(), ++id)
      if (records.value().empty())
        throw std::runtime_error(
            fmt::format("record {} has no bytes, and a seal cannot be over "
                        "nothing: keep such records in a folder with a raw "
                        "keyring",
                        records.key()));
  }
}

/// The keys that are lent, and what is announced of them.
std::vector<storage::key_name> sealing_keys_for(const storage::snapshot& view,
                                                const crypto::keyring& keys,
                                                const seal_terms& terms,
                                                epoch_options& opening,
                                                opened_signing& opened) {
  require_content(view);
  auto found =
      find_sealing_keys(view, active_keys(keys), opening.time_ms, terms.margin);
  const auto left_out = found.left_out_text();
  if (found.ids.empty())
    throw no_certificate(fmt::format(
        "no key may seal now{}{}: ask an authority for certificates with "
        "`chancery keys csr`, or issue some for trials with `chancery keys ca`",
        left_out.empty() ? "" : "; ", left_out));
  if (!left_out.empty() && terms.note)
    terms.note(left_out);
  opening.seals = {terms.content_type, std::move(found.leaves)};
  opened.ends_ms = found.ends_ms;
  return std::move(found.ids);
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

opened_signing open_signing(storage::record_store& store,
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
  opened_signing opened;
  const auto lent =
      keys.purpose() == crypto::keyring_purpose::seal
          ? sealing_keys_for(store.read(), keys, options.seals, opening, opened)
          : active_keys(keys);
  opened.epoch = open_epoch(store, lent, opening);
  return opened;
}

} // namespace chancery::actors
