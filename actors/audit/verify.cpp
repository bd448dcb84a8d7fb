// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/verify.hpp"

#include "actors/audit/parallel.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/providers/provider.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace chancery::actors {

namespace {

/// Records that a thread takes at a time, under one snapshot.
constexpr std::uint64_t chunk_records = 4'096;

using key_table = std::map<storage::key_name, const crypto::public_key*>;

// Checks records, on one thread: looks them up one by one, then verifies their
// signatures in one call.
class checker {
 public:
  checker(const storage::record_store& store, crypto::curve curve,
          const key_table& keys)
      : view_(store.read()), keys_(keys), hasher_(curve),
        verifier_(crypto::make_verifier(
            crypto::provider_from_name("auto", curve), curve)),
        digests_(chunk_records * hasher_.size()),
        verdicts_(std::make_unique<bool[]>(chunk_records)) {}

  void renew() {
    view_.renew();
    batch_.reset();
  }

  /// Looks up a record, for finish() to verify. False when it is not signed. At
  /// most chunk_records calls before each finish().
  bool look_up(std::uint64_t id) {
    const auto signature = view_.signature(id);
    if (!signature)
      return false;
    const auto record = view_.record(id);
    const auto* key = record ? key_of(id) : nullptr;
    if (key == nullptr) {
      hopeless_.emplace_back(id, record ? why_no_key() : no_record);
      return true;
    }
    const auto digest = std::span(digests_).subspan(
        claims_.size() * hasher_.size(), hasher_.size());
    hasher_(*record, digest);
    claims_.push_back({key, digest, *signature});
    places_.push_back({id, batch_->first});
    return true;
  }

  /// Calls wrong(id, why) for each looked-up record with a wrong signature.
  template <class Function>
  void finish(Function&& wrong) {
    const auto verdicts = std::span(verdicts_.get(), claims_.size());
    verifier_->verify_batch(claims_, verdicts);
    for (std::size_t i = 0; i < claims_.size(); ++i)
      if (!verdicts[i])
        wrong(places_[i].id,
              fmt::format("it does not verify under key {} of batch {}",
                          crypto::to_text(claims_[i].key->id()),
                          places_[i].batch));
    for (const auto& [id, why] : hopeless_)
      wrong(id, why);
    claims_.clear();
    places_.clear();
    hopeless_.clear();
  }

 private:
  static constexpr const char* no_record = "the record is missing";

  struct place {
    std::uint64_t id;
    std::uint64_t batch;
  };

  const crypto::public_key* key_of(std::uint64_t id) {
    if (!batch_ || id < batch_->first || id >= batch_->first + batch_->count)
      batch_ = view_.batch_of(id);
    if (!batch_)
      return nullptr;
    const auto key = keys_.find(batch_->key);
    return key == keys_.end() ? nullptr : key->second;
  }

  std::string why_no_key() const {
    return batch_ ? fmt::format("key {} of batch {} is not in the keyring",
                                crypto::to_text(batch_->key), batch_->first)
                  : "no batch holds it";
  }

  storage::snapshot view_;
  const key_table& keys_;
  crypto::record_hasher hasher_;
  std::unique_ptr<crypto::signature_verifier> verifier_;
  std::optional<storage::batch_row> batch_;
  // What finish() verifies, and records known to be wrong without verifying.
  std::vector<std::byte> digests_;
  std::unique_ptr<bool[]> verdicts_;
  std::vector<crypto::signature_claim> claims_;
  std::vector<place> places_;
  std::vector<std::pair<std::uint64_t, std::string>> hopeless_;
};

// The sum of the threads' results.
struct shared_result {
  void add(const verify_result& part, std::uint64_t places) {
    const std::scoped_lock lock(mutex);
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
  std::mutex mutex{};
  verify_result total{};
};

// One thread's share: places to check, spread evenly over the table.
class verify_worker {
 public:
  verify_worker(checker c, std::uint64_t records, std::uint64_t places,
                shared_result& result)
      : checker_(std::move(c)), records_(records), places_(places),
        result_(result) {}

  void operator()(std::uint64_t first, std::uint64_t last) {
    checker_.renew();
    verify_result part;
    for (auto place = first; place < last; ++place)
      ++(checker_.look_up(record_at(place)) ? part.checked
                                            : part.unsigned_records);
    checker_.finish([&](std::uint64_t id, const std::string& why) {
      ++part.wrong;
      if (!part.first_wrong || id < *part.first_wrong) {
        part.first_wrong = id;
        part.first_wrong_why = why;
      }
    });
    result_.add(part, last - first);
  }

  // Without overflow.
  std::uint64_t record_at(std::uint64_t place) const {
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(place) *
                                      records_ / places_);
  }

  checker checker_;
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
  key_table table;
  for (const auto& entry : keys.keys)
    table.emplace(entry.key.id(), &entry.key);
  const auto records = store.read().record_count();
  const auto places = std::min(records, options.sample.value_or(records));
  shared_result shared{done};
  std::vector<verify_worker> workers;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, options.threads); ++i)
    workers.emplace_back(checker(store, keys.curve, table), records, places,
                         shared);
  work_in_chunks(std::span(workers), 0, places, chunk_records, stop);
  auto result = std::move(shared.total);
  result.records = records;
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started)
          .count();
  return result;
}

} // namespace chancery::actors
