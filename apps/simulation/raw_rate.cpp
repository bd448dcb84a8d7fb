// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/raw_rate.hpp"

#include "actors/base/threads.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace chancery::apps {

namespace {

using steady = std::chrono::steady_clock;

// One call signs about as much as a unit of a real run, at most a chunk of one.
constexpr std::uint64_t digests_per_call = 256;
constexpr std::uint64_t digests_per_call_max = 1024;

/// The signing calls of one thread: whole batches under its own keys.
class plain_signer {
 public:
  plain_signer(const std::vector<const crypto::private_key*>& keys,
               const raw_rate_options& options)
      : keys_(keys), batch_(std::min(options.batch_size, digests_per_call_max)),
        curve_(keys.front()->curve()),
        signer_(crypto::make_batch_signer(options.provider, curve_,
                                          crypto::system_random())) {
    const auto batches = (digests_per_call + batch_ - 1) / batch_;
    runs_.resize(std::clamp<std::size_t>(keys_.size(), 1, batches));
    digests_.resize(runs_.size() * batch_ * crypto::field_size(curve_));
    crypto::system_random()(digests_);
    signatures_.resize(runs_.size() * batch_ * crypto::signature_size(curve_));
  }

  /// Uses every key once, as its contexts are made at the first use.
  void warm_up() {
    const auto digest =
        std::span<const std::byte>(digests_).first(crypto::field_size(curve_));
    const auto signature =
        std::span(signatures_).first(crypto::signature_size(curve_));
    for (const auto* key : keys_) {
      const crypto::key_run one{key, 1};
      signer_->sign_batch({&one, 1}, digest, signature);
    }
  }

  /// Returns the number of signatures made.
  std::uint64_t call() {
    for (auto& run : runs_)
      run = {keys_[next_++ % keys_.size()], batch_};
    signer_->sign_batch(runs_, digests_, signatures_);
    return runs_.size() * batch_;
  }

 private:
  std::vector<const crypto::private_key*> keys_;
  std::size_t batch_;
  crypto::curve curve_;
  std::unique_ptr<crypto::batch_signer> signer_;
  std::vector<crypto::key_run> runs_;
  std::vector<std::byte> digests_;
  std::vector<std::byte> signatures_;
  std::size_t next_ = 0;
};

/// Each thread gets its own keys. With fewer keys than threads they share some,
/// which is harmless, as these signatures are never stored.
std::vector<const crypto::private_key*>
keys_of_thread(const crypto::keyring& keys, std::size_t thread,
               std::size_t threads) {
  const auto& all = keys.keys();
  std::vector<const crypto::private_key*> own;
  for (std::size_t i = thread; i < all.size(); i += threads)
    own.push_back(&all[i].key);
  if (own.empty())
    own.push_back(&all[thread % all.size()].key);
  return own;
}

double rate_of_thread(plain_signer& signer, std::chrono::milliseconds time) {
  signer.warm_up();
  const auto begin = steady::now();
  std::uint64_t made = 0;
  std::chrono::duration<double> passed{};
  do {
    made += signer.call();
    passed = steady::now() - begin;
  } while (passed < time);
  return static_cast<double>(made) / passed.count();
}

} // namespace

double measure_raw_rate(const crypto::keyring& keys,
                        const raw_rate_options& options) {
  double total = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < options.threads; ++i)
      threads.push_back(actors::start_thread<std::jthread>([&, i] {
        try {
          plain_signer signer(keys_of_thread(keys, i, options.threads),
                              options);
          const double rate = rate_of_thread(signer, options.time);
          const std::lock_guard lock(mutex);
          total += rate;
        } catch (...) {
          const std::lock_guard lock(mutex);
          failure = std::current_exception();
        }
      }));
  }
  if (failure)
    std::rethrow_exception(failure);
  return total;
}

} // namespace chancery::apps
