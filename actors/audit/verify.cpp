// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/verify.hpp"

#include "actors/audit/parallel.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace chancery::actors {

namespace {

/// Records that a thread takes at a time, under one snapshot.
constexpr std::uint64_t chunk_records = signature_checker::capacity;

// The sum of the threads' results.
struct shared_result {
  void add(const verify_result& part, std::uint64_t places,
           const std::vector<wrong_signature>& wrong) {
    const std::scoped_lock lock(mutex);
    if (see_wrong)
      std::ranges::for_each(wrong, see_wrong);
    total.checked += part.checked;
    total.unsigned_records += part.unsigned_records;
    total.wrong += part.wrong;
    if (part.first_wrong &&
        (!total.first_wrong || *part.first_wrong < *total.first_wrong)) {
      total.first_wrong = part.first_wrong;
      total.first_wrong_why = part.first_wrong_why;
    }
    done += places;
  }

  std::atomic<std::uint64_t>& done;
  const std::function<void(const wrong_signature&)>& see_wrong;
  std::mutex mutex{};
  verify_result total{};
};

/// What all threads read, one at a time.
struct shared_view {
  const storage::snapshot* view = nullptr; ///< null: each has its own
  std::mutex mutex{};
};

// One thread's share: places to check, spread evenly over the table.
class verify_worker {
 public:
  verify_worker(const storage::record_store& store, const key_table& keys,
                std::uint64_t records, std::uint64_t places,
                shared_view& shared, shared_result& result)
      : shared_(shared), checker_(keys), records_(records), places_(places),
        result_(result) {
    if (shared.view == nullptr)
      own_.emplace(store.read());
  }

  void operator()(std::uint64_t first, std::uint64_t last) {
    verify_result part;
    std::vector<wrong_signature> all;
    if (own_) {
      own_->renew();
      look_up(*own_, first, last, part);
    } else {
      const std::scoped_lock lock(shared_.mutex);
      look_up(*shared_.view, first, last, part);
    }
    checker_.finish([&](const wrong_signature& w) {
      ++part.wrong;
      if (!part.first_wrong || w.record < *part.first_wrong) {
        part.first_wrong = w.record;
        part.first_wrong_why = w.text();
      }
      if (result_.see_wrong)
        all.push_back(w);
    });
    result_.add(part, last - first, all);
  }

  void look_up(const storage::snapshot& view, std::uint64_t first,
               std::uint64_t last, verify_result& part) {
    for (auto place = first; place < last; ++place)
      ++(checker_.look_up(view, record_at(place)) ? part.checked
                                                  : part.unsigned_records);
  }

  // Without overflow.
  std::uint64_t record_at(std::uint64_t place) const {
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(place) *
                                      records_ / places_);
  }

  std::optional<storage::snapshot> own_;
  shared_view& shared_;
  signature_checker checker_;
  std::uint64_t records_;
  std::uint64_t places_;
  shared_result& result_;
};

} // namespace

verify_result verify_signatures(const storage::record_store& store,
                                const crypto::public_keyring& keys,
                                const verify_options& options,
                                std::atomic<std::uint64_t>& done,
                                const std::atomic<bool>& stop) {
  const auto started = std::chrono::steady_clock::now();
  const key_table table(keys);
  const auto records = options.view == nullptr ? store.read().record_count()
                                               : options.view->record_count();
  const auto places = std::min(records, options.sample.value_or(records));
  shared_view view{options.view};
  shared_result shared{done, options.wrong};
  auto workers = workers_of<verify_worker>(options.threads, store, table,
                                           records, places, view, shared);
  work_in_chunks(std::span(workers), 0, places, chunk_records, stop);
  auto result = std::move(shared.total);
  result.records = records;
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started)
          .count();
  return result;
}

} // namespace chancery::actors
