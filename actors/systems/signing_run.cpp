// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/signing_run.hpp"

#include "actors/base/wall_clock.hpp"
#include "actors/signing/epoch.hpp"
#include "actors/systems/signing_system.hpp"
#include "crypto/base/random.hpp"

#include <fmt/format.h>

#include <sys/resource.h>

namespace chancery::actors {

namespace {

using steady = std::chrono::steady_clock;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

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

void check(const signing_options& options, crypto::curve curve) {
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

worker_verification verification_of(std::uint32_t share) {
  return {share == 1 ? storage::worker_policy::all
                     : storage::worker_policy::sample,
          share};
}

std::uint64_t count_unsigned(const storage::record_store& store,
                             signing_progress& progress) {
  const auto view = store.read();
  progress.records = view.record_count();
  progress.signed_before = view.signature_count();
  return progress.records - progress.signed_before;
}

} // namespace

std::chrono::milliseconds lease_quarantine(const storage::record_store& store) {
  return quarantine_owed(store.read());
}

signing_summary run_signing(storage::record_store& store,
                            const crypto::keyring& keys,
                            const signing_options& options,
                            const std::atomic<bool>& stop,
                            signing_progress& progress) {
  check(options, keys.curve());
  signing_summary summary;
  const auto unsigned_records = count_unsigned(store, progress);
  if (unsigned_records == 0)
    return summary;

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
  const auto epoch = open_epoch(store, active_keys(keys), opening);

  progress.lending_from = steady::now() + epoch.quarantine;
  const auto started = steady::now();
  const auto cpu_before = cpu_seconds();
  {
    signing_system system(store, keys, options, epoch, progress,
                          unsigned_records);
    system.wait(stop);
    system.finish();
    summary.signers_lost = system.signers_lost();
  }
  summary.seconds =
      std::chrono::duration<double>(steady::now() - started).count();
  summary.cpu_seconds = cpu_seconds() - cpu_before;
  summary.epoch = epoch.entry.epoch;
  summary.stored = progress.stored;
  summary.left = unsigned_records - summary.stored;
  summary.batches = progress.batches;
  summary.commits = progress.commits;
  summary.conflicts = progress.conflicts;
  summary.late_results = progress.late_results;
  summary.verified = progress.verified;
  summary.refused = progress.refused.list();
  summary.stopped = stop && summary.left > 0;
  return summary;
}

} // namespace chancery::actors
