// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/signing_run.hpp"

#include "actors/base/wall_clock.hpp"
#include "actors/systems/signing_opening.hpp"
#include "actors/systems/signing_system.hpp"

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
  check_signing(options, keys.curve());
  signing_summary summary;
  const auto unsigned_records = count_unsigned(store, progress);
  if (unsigned_records == 0)
    return summary;

  const auto opened = open_signing(store, keys, options);
  const auto& epoch = opened.epoch;
  const auto ended = [&opened] {
    return opened.ends_ms && wall_clock_ms() >= *opened.ends_ms;
  };

  progress.lending_from = steady::now() + epoch.quarantine;
  const auto started = steady::now();
  const auto cpu_before = cpu_seconds();
  {
    signing_host host(options, {.store = &store, .progress = &progress});
    signing_system system(host, store, keys, options, opened, progress,
                          unsigned_records);
    system.wait([&] { return stop || ended(); });
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
  summary.certificates_end = summary.left > 0 && ended();
  return summary;
}

} // namespace chancery::actors
