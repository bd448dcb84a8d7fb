// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/plain_threads.hpp"

#include "actors/signing/epoch.hpp"
#include "actors/signing/key_queue.hpp"
#include "actors/signing/unit_size.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/base/random.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace chancery::benchmarks {

namespace {

constexpr std::chrono::milliseconds commit_interval{10};

struct leased_key {
  actors::key_index key;
  std::uint64_t fence;
};

// Work that is queued for the writer.
struct outbox {
  std::vector<std::string> events;
  std::vector<storage::batch_row> rows;
  std::vector<std::string> signatures; // of each row

  bool empty() const { return events.empty() && rows.empty(); }
};

class plain_job {
 public:
  plain_job(const workload& w, const crypto::keyring& keys,
            std::uint32_t batch_size, storage::record_store& store)
      : w_(w), keys_(keys), batch_size_(batch_size),
        unit_(actors::local_units({.signers = w.signers,
                                   .batch_size = batch_size,
                                   .keys = w.keys,
                                   .unsigned_records = w.records})
                  .leases),
        store_(store) {
    for (actors::key_index i = 0; i < keys.keys().size(); ++i)
      idle_.push_young(i);
  }

  std::uint64_t run() {
    std::jthread writer([this] { write(); });
    {
      std::vector<std::jthread> signers;
      for (std::size_t i = 0; i < w_.signers; ++i)
        signers.emplace_back([this] { sign(); });
    }
    {
      const std::scoped_lock lock(out_mutex_);
      done_ = true;
    }
    out_ready_.notify_one();
    writer.join();
    return commits_;
  }

 private:
  // Events are queued while keys_mutex_ is held, so that the journal has them
  // in the order in which they happened.
  void borrow(std::vector<leased_key>& leases) {
    std::unique_lock lock(keys_mutex_);
    key_back_.wait(lock, [this] { return idle_.size() > 0; });
    const std::scoped_lock out(out_mutex_);
    storage::leases_lent lent;
    while (leases.size() < unit_ && idle_.size() > 0) {
      const auto key = *idle_.pop_oldest();
      const auto fence = std::uint64_t{1} << 32 | ++fences_;
      leases.push_back({key, fence});
      lent.keys.push_back(keys_.keys()[key].key.id());
    }
    lent.first_fence = leases.front().fence;
    out_.events.push_back(storage::encode(storage::event_of(std::move(lent))));
  }

  void give_back(std::vector<leased_key>& leases) {
    {
      const std::scoped_lock lock(keys_mutex_, out_mutex_);
      storage::leases_returned back;
      for (const auto& [key, fence] : leases) {
        idle_.push_young(key);
        back.fences.push_back(fence);
      }
      out_.events.push_back(
          storage::encode(storage::event_of(std::move(back))));
    }
    key_back_.notify_all();
    leases.clear();
  }

  // The next whole batches, one for each lease; empty at the end of the table.
  std::vector<storage::batch_row> take(const std::vector<leased_key>& leases) {
    std::vector<storage::batch_row> rows;
    const std::scoped_lock lock(position_mutex_);
    for (const auto& [key, fence] : leases) {
      if (position_ == w_.records)
        break;
      storage::batch_row row;
      row.first = position_;
      row.count = static_cast<std::uint32_t>(
          std::min<std::uint64_t>(batch_size_, w_.records - position_));
      row.fence = fence;
      row.key = keys_.keys()[key].key.id();
      if (row.count < batch_size_)
        row.reason = storage::short_reason::end;
      position_ += row.count;
      rows.push_back(row);
    }
    return rows;
  }

  void sign() {
    const auto signer = crypto::make_batch_signer(w_.provider, w_.curve,
                                                  crypto::system_random());
    crypto::record_hasher hasher(w_.curve);
    std::vector<leased_key> leases;
    std::vector<crypto::key_run> runs;
    std::vector<std::byte> digests;
    for (;;) {
      borrow(leases);
      auto rows = take(leases);
      if (rows.empty()) {
        give_back(leases);
        return;
      }
      digests.clear();
      runs.clear();
      const auto view = store_.read();
      for (std::size_t i = 0; i < rows.size(); ++i) {
        hash(view, rows[i], hasher, digests);
        runs.push_back({&keys_.keys()[leases[i].key].key, rows[i].count});
      }
      std::string signatures(digests.size() / hasher.size() *
                                 crypto::signature_size(w_.curve),
                             '\0');
      signer->sign_batch(runs, digests,
                         std::as_writable_bytes(std::span(signatures)));
      hand_in(rows, signatures);
      give_back(leases);
    }
  }

  static void hash(const storage::snapshot& view, const storage::batch_row& row,
                   crypto::record_hasher& hasher,
                   std::vector<std::byte>& digests) {
    auto records = view.walk(storage::table::records);
    const auto at = digests.size();
    digests.resize(at + row.count * hasher.size());
    std::vector<std::span<const std::byte>> values;
    values.reserve(row.count);
    bool more = records.seek(row.first);
    for (std::uint32_t i = 0; more && i < row.count; ++i) {
      values.push_back(records.value());
      more = records.next();
    }
    hasher(values, std::span(digests).subspan(at));
  }

  void hand_in(const std::vector<storage::batch_row>& rows,
               const std::string& signatures) {
    const auto size = crypto::signature_size(w_.curve);
    {
      const std::scoped_lock lock(out_mutex_);
      std::size_t at = 0;
      for (const auto& row : rows) {
        out_.rows.push_back(row);
        out_.signatures.push_back(signatures.substr(at, row.count * size));
        at += row.count * size;
      }
    }
    out_ready_.notify_one();
  }

  void write() {
    for (;;) {
      outbox work;
      bool last = false;
      {
        std::unique_lock lock(out_mutex_);
        out_ready_.wait(lock, [this] { return done_ || !out_.empty(); });
        work = std::exchange(out_, {});
        last = done_;
      }
      if (!work.empty())
        commit(work);
      if (last)
        return;
      std::unique_lock lock(out_mutex_);
      out_ready_.wait_for(lock, commit_interval, [this] { return done_; });
    }
  }

  void commit(const outbox& work) {
    auto transaction = store_.write();
    for (const auto& event : work.events)
      transaction.append_event(std::as_bytes(std::span(event)));
    for (std::size_t i = 0; i < work.rows.size(); ++i)
      if (!transaction.put_batch(work.rows[i],
                                 std::as_bytes(std::span(work.signatures[i]))))
        throw std::logic_error("a batch is signed already");
    transaction.commit();
    ++commits_;
  }

  const workload& w_;
  const crypto::keyring& keys_;
  const std::uint32_t batch_size_;
  const std::uint32_t unit_;
  storage::record_store& store_;

  std::mutex keys_mutex_;
  std::condition_variable key_back_;
  actors::key_queue idle_;
  std::uint32_t fences_ = 0;

  std::mutex position_mutex_;
  std::uint64_t position_ = 0;

  std::mutex out_mutex_;
  std::condition_variable out_ready_;
  outbox out_;
  bool done_ = false;
  std::uint64_t commits_ = 0;
};

} // namespace

measure run_plain(const workload& w, const crypto::keyring& keys,
                  std::uint32_t batch_size) {
  filled_store filled(w);
  std::vector<storage::key_name> active;
  for (const auto& entry : keys.keys())
    active.push_back(entry.key.id());
  actors::epoch_options opening;
  opening.batch_size = batch_size;
  const stopwatch watch;
  actors::open_epoch(filled.store(), active, opening);
  plain_job job(w, keys, batch_size, filled.store());
  const auto commits = job.run();
  auto m = watch.stop(w.records);
  m.commits = commits;
  filled.require_signed(w, keys);
  return m;
}

} // namespace chancery::benchmarks
