// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/worker_check.hpp"

#include "actors/audit/parallel.hpp"
#include "actors/audit/signature_checker.hpp"

#include <algorithm>
#include <mutex>
#include <span>
#include <unordered_set>
#include <vector>

namespace chancery::actors {

namespace {

constexpr std::uint64_t runs_per_chunk = 16;

// The last epoch's event is known; an older one is searched for.
bool seek_epoch(const storage::snapshot& view, storage::cursor& journal,
                std::uint32_t epoch) {
  const auto last = view.last_epoch();
  bool more = last && journal.seek(*last);
  const auto found = [&] {
    const auto e = storage::decode_event(journal.value());
    const auto* opened = std::get_if<storage::epoch_opened>(&e);
    return opened != nullptr && opened->epoch == epoch;
  };
  if (more && found())
    return true;
  for (more = journal.seek(0); more; more = journal.next())
    if (found())
      return true;
  return false;
}

// The leases that an epoch lent to these workers.
std::unordered_set<std::uint64_t>
fences_of(const storage::snapshot& view, std::uint32_t epoch,
          const std::set<std::string>& workers) {
  std::unordered_set<std::uint64_t> fences;
  auto journal = view.walk(storage::table::journal);
  if (!seek_epoch(view, journal, epoch))
    return fences;
  while (journal.next()) {
    const auto e = storage::decode_event(journal.value());
    if (std::holds_alternative<storage::epoch_opened>(e))
      break;
    for (const auto& lent : storage::leases_of(e))
      if (lent.remote && workers.contains(lent.borrower))
        fences.insert(lent.fence);
  }
  return fences;
}

std::vector<storage::id_run>
runs_under(const storage::snapshot& view,
           const std::unordered_set<std::uint64_t>& fences) {
  std::vector<storage::id_run> runs;
  auto batches = view.walk(storage::table::batches);
  for (bool more = !fences.empty() && batches.seek(0); more;
       more = batches.next()) {
    const auto row = storage::decode_batch_row(batches.key(), batches.value());
    if (fences.contains(row.fence))
      runs.push_back({row.first, row.count});
  }
  return runs;
}

class run_checker {
 public:
  run_checker(const storage::record_store& store, const key_table& keys,
              std::span<const storage::id_run> runs, std::mutex& mutex,
              worker_check_result& total)
      : view_(store.read()), checker_(keys), runs_(runs), mutex_(mutex),
        total_(total) {}

  void operator()(std::uint64_t first, std::uint64_t last) {
    for (const auto& run : runs_.subspan(first, last - first))
      for (std::uint32_t i = 0; i < run.count; ++i) {
        if (checker_.full())
          finish();
        checked_ += checker_.look_up(view_, run.first + i) ? 1 : 0;
      }
    finish();
  }

 private:
  void finish() {
    std::vector<std::uint64_t> wrong;
    checker_.finish(
        [&](const wrong_signature& w) { wrong.push_back(w.record); });
    const std::scoped_lock lock(mutex_);
    total_.checked += checked_;
    checked_ = 0;
    total_.wrong += wrong.size();
    for (const auto id : wrong)
      total_.first_wrong = std::min(total_.first_wrong.value_or(id), id);
  }

  storage::snapshot view_;
  signature_checker checker_;
  std::span<const storage::id_run> runs_;
  std::mutex& mutex_;
  worker_check_result& total_;
  std::uint64_t checked_ = 0;
};

} // namespace

worker_check_result check_workers(const storage::record_store& store,
                                  const crypto::public_keyring& keys,
                                  std::uint32_t epoch,
                                  const std::set<std::string>& workers,
                                  std::size_t threads,
                                  const std::atomic<bool>& stop) {
  const key_table table(keys);
  const auto runs = [&] {
    const auto view = store.read();
    return runs_under(view, fences_of(view, epoch, workers));
  }();
  worker_check_result total;
  std::mutex mutex;
  auto checkers =
      workers_of<run_checker>(threads, store, table, runs, mutex, total);
  work_in_chunks(std::span(checkers), 0, runs.size(), runs_per_chunk, stop);
  return total;
}

} // namespace chancery::actors
