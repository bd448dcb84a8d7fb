// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/raw_rate.hpp"

#include "crypto/base/random.hpp"

#include <barrier>
#include <optional>
#include <span>
#include <thread>
#include <vector>

namespace chancery::benchmarks {

namespace {

/// Signatures in one call, under one key.
constexpr std::size_t run_length = 100;

class raw_signer {
 public:
  raw_signer(const workload& w, const crypto::keyring& keys)
      : keys_(keys), signer_(crypto::make_batch_signer(
                         w.provider, w.curve, crypto::system_random())),
        digests_(run_length * crypto::field_size(w.curve), std::byte{0x5a}),
        signatures_(run_length * crypto::signature_size(w.curve)),
        field_(crypto::field_size(w.curve)),
        size_(crypto::signature_size(w.curve)) {
    for (std::size_t i = 0; i < keys.keys().size(); ++i)
      sign(1);
  }

  void sign(std::size_t count) {
    const crypto::key_run run{&keys_.keys()[next_].key, count};
    next_ = (next_ + 1) % keys_.keys().size();
    signer_->sign_batch({&run, 1}, std::span(digests_).first(count * field_),
                        std::span(signatures_).first(count * size_));
  }

 private:
  const crypto::keyring& keys_;
  std::unique_ptr<crypto::batch_signer> signer_;
  std::vector<std::byte> digests_;
  std::vector<std::byte> signatures_;
  std::size_t field_;
  std::size_t size_;
  std::size_t next_ = 0;
};

} // namespace

measure run_raw(const workload& w, const crypto::keyring& keys) {
  const auto runs = w.records / (w.signers * run_length) + 1;
  std::optional<stopwatch> watch;
  std::barrier ready(static_cast<std::ptrdiff_t>(w.signers),
                     [&]() noexcept { watch.emplace(); });
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < w.signers; ++t)
      threads.emplace_back([&] {
        raw_signer signer(w, keys);
        ready.arrive_and_wait();
        for (std::uint64_t i = 0; i < runs; ++i)
          signer.sign(run_length);
      });
  }
  return watch->stop(runs * run_length * w.signers);
}

} // namespace chancery::benchmarks
