// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/workload.hpp"

#include "actors/audit/audit.hpp"
#include "actors/systems/signing_run.hpp"
#include "crypto/base/random.hpp"
#include "crypto/keyring/lease.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <span>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <sys/resource.h>
#include <system_error>
#include <vector>

namespace chancery::benchmarks {

namespace {

/// Records in one transaction while a store is filled.
constexpr std::uint64_t fill_records = 100'000;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void fill(storage::record_store& store, const workload& w) {
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> words((w.record_size + 7) / 8);
  for (std::uint64_t id = 0; id < w.records;) {
    auto transaction = store.write();
    const auto end = std::min(w.records, id + fill_records);
    for (; id < end; ++id) {
      std::ranges::generate(words, std::ref(random));
      transaction.append_record(
          std::as_bytes(std::span(words)).first(w.record_size));
    }
    transaction.commit();
  }
}

} // namespace

std::filesystem::path new_folder(const std::filesystem::path& parent) {
  auto name = (parent / "chancery-benchmark-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw std::runtime_error("cannot create a folder in " + parent.string());
  return name;
}

stopwatch::stopwatch()
    : started_(std::chrono::steady_clock::now()), cpu_before_(cpu_seconds()) {}

measure stopwatch::stop(std::uint64_t records) const {
  measure m;
  m.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started_)
          .count();
  m.cpu_seconds = cpu_seconds() - cpu_before_;
  m.records = records;
  return m;
}

filled_store::filled_store(const workload& w) : folder_(new_folder(w.folder)) {
  storage::store_info info;
  info.folder_id = crypto::make_random_id(crypto::system_random());
  info.signature_size =
      static_cast<std::uint32_t>(crypto::signature_size(w.curve));
  storage::record_store::create(folder_, info);
  store_.emplace(folder_);
  fill(*store_, w);
}

filled_store::~filled_store() {
  store_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void filled_store::require_signed(const workload& w,
                                  const crypto::keyring& keys) const {
  const auto view = store_->read();
  if (view.signature_count() != view.record_count())
    throw std::runtime_error(fmt::format("{} of {} records are signed",
                                         view.signature_count(),
                                         view.record_count()));
  if (!w.audit)
    return;
  std::atomic<std::uint64_t> done{0};
  actors::audit_options options;
  options.threads = w.signers;
  const auto report =
      actors::audit(*store_, crypto::public_half(keys), options, done);
  for (const auto& rule : report.rules)
    if (rule.violations > 0)
      throw std::runtime_error("the audit found: " + rule.first_violation);
}

actors::signing_options options_for(const workload& w,
                                    std::uint32_t batch_size) {
  actors::signing_options options;
  options.batch_size = batch_size;
  options.signers = w.signers;
  options.provider = w.provider;
  return options;
}

measure run_actors(const workload& w, const crypto::keyring& keys,
                   std::uint32_t batch_size) {
  filled_store filled(w);
  const auto options = options_for(w, batch_size);
  actors::signing_progress progress;
  const std::atomic<bool> never{false};
  const stopwatch watch;
  actors::run_signing(filled.store(), keys, options, never, progress);
  auto m = watch.stop(w.records);
  m.commits = progress.commits;
  filled.require_signed(w, keys);
  return m;
}

} // namespace chancery::benchmarks
