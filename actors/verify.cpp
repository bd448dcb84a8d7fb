// SPDX-License-Identifier: Apache-2.0
#include "actors/verify.hpp"

#include "crypto/hash.hpp"
#include "crypto/provider.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace chancery::actors {

namespace {

/// Records that a thread takes at a time, under one snapshot.
constexpr std::uint64_t chunk_records = 4'096;

using key_table = std::map<storage::key_name, const crypto::public_key*>;

// One thread's means of checking one record after the other.
class checker {
 public:
  checker(const storage::record_store& store, crypto::curve curve,
          const key_table& keys)
      : view_(store.read()), keys_(keys), hasher_(curve),
        verifier_(crypto::make_verifier(
            crypto::provider_from_name("auto", curve), curve)),
        digest_(hasher_.size()) {}

  void renew() {
    view_.renew();
    batch_.reset();
  }

  /// False when the record is not signed; throws nothing for a wrong
  /// signature, but sets `why`.
  bool check(std::uint64_t id, std::string& why) {
    const auto signature = view_.signature(id);
    if (!signature)
      return false;
    const auto record = view_.record(id);
    if (!record) {
      why = "there is no such record";
      return true;
    }
    if (!batch_ || id < batch_->first || id >= batch_->first + batch_->count)
      batch_ = view_.batch_of(id);
    if (!batch_) {
      why = "no batch holds it";
      return true;
    }
    const auto key = keys_.find(batch_->key);
    if (key == keys_.end()) {
      why = fmt::format("key {} of batch {} is not in the keyring",
                        crypto::to_text(batch_->key), batch_->first);
      return true;
    }
    hasher_(*record, digest_);
    if (!verifier_->verify(*key->second, digest_, *signature))
      why = fmt::format("it does not verify under key {} of batch {}",
                        crypto::to_text(batch_->key), batch_->first);
    return true;
  }

 private:
  storage::snapshot view_;
  const key_table& keys_;
  crypto::record_hasher hasher_;
  std::unique_ptr<crypto::signature_verifier> verifier_;
  std::vector<std::byte> digest_;
  std::optional<storage::batch_row> batch_;
};

// What the threads share: the next places to look at, and what was found.
class shared_work {
 public:
  shared_work(std::uint64_t records, std::uint64_t places,
              std::atomic<std::uint64_t>& done, const std::atomic<bool>& stop)
      : records_(records), places_(places), done_(done), stop_(stop) {}

  void work(checker& c) {
    for (;;) {
      const auto begin = next_.fetch_add(chunk_records);
      if (begin >= places_ || stop_)
        return;
      c.renew();
      verify_result part;
      for (auto i = begin; i < std::min(begin + chunk_records, places_); ++i)
        look(c, record_at(i), part);
      add(part, std::min(chunk_records, places_ - begin));
    }
  }

  verify_result take() { return total_; }

 private:
  // Spreads the places evenly over the table, without overflow.
  std::uint64_t record_at(std::uint64_t place) const {
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(place) *
                                      records_ / places_);
  }

  static void look(checker& c, std::uint64_t id, verify_result& part) {
    std::string why;
    if (!c.check(id, why)) {
      ++part.unsigned_records;
      return;
    }
    ++part.checked;
    if (why.empty())
      return;
    ++part.wrong;
    if (!part.first_wrong) {
      part.first_wrong = id;
      part.first_wrong_why = std::move(why);
    }
  }

  void add(const verify_result& part, std::uint64_t places) {
    const std::scoped_lock lock(mutex_);
    total_.checked += part.checked;
    total_.unsigned_records += part.unsigned_records;
    total_.wrong += part.wrong;
    if (part.first_wrong &&
        (!total_.first_wrong || *part.first_wrong < *total_.first_wrong)) {
      total_.first_wrong = part.first_wrong;
      total_.first_wrong_why = part.first_wrong_why;
    }
    done_ += places;
  }

  const std::uint64_t records_;
  const std::uint64_t places_;
  std::atomic<std::uint64_t>& done_;
  const std::atomic<bool>& stop_;
  std::atomic<std::uint64_t> next_{0};
  std::mutex mutex_;
  verify_result total_;
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
  shared_work work(records, places, done, stop);

  std::exception_ptr failure;
  std::mutex failure_mutex;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::max<std::size_t>(1, options.threads); ++i)
      threads.emplace_back([&] {
        try {
          checker c(store, keys.curve, table);
          work.work(c);
        } catch (...) {
          const std::scoped_lock lock(failure_mutex);
          failure = std::current_exception();
        }
      });
  }
  if (failure)
    std::rethrow_exception(failure);
  auto result = work.take();
  result.records = records;
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started)
          .count();
  return result;
}

} // namespace chancery::actors
