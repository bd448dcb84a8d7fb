// SPDX-License-Identifier: Apache-2.0

// Measures single operations of crypto/, per provider and curve.

#include "crypto/base/hash.hpp"
#include "crypto/base/random.hpp"
#include "crypto/base/sha256_many.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/providers/provider.hpp"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace {

using namespace chancery::crypto;

/// Digests in one call: a batch of the default size.
constexpr std::size_t run_length = 100;

struct material {
  explicit material(curve c)
      : key(private_key::generate(c, system_random())),
        digests(run_length * field_size(c), std::byte{0x5a}),
        signatures(run_length * signature_size(c)) {}

  private_key key;
  std::vector<std::byte> digests;
  std::vector<std::byte> signatures;
};

void sign(benchmark::State& state, provider p, curve c) {
  material m(c);
  const auto signer = make_batch_signer(p, c, system_random());
  const key_run run{&m.key, run_length};
  for (auto _ : state)
    signer->sign_batch({&run, 1}, m.digests, m.signatures);
  state.SetItemsProcessed(state.iterations() *
                          static_cast<std::int64_t>(run_length));
}

void verify(benchmark::State& state, provider p, curve c) {
  material m(c);
  const key_run run{&m.key, run_length};
  make_batch_signer(p, c, system_random())
      ->sign_batch({&run, 1}, m.digests, m.signatures);
  const auto verifier = make_verifier(p, c);
  const auto digest = std::span(m.digests).first(field_size(c));
  const auto signature = std::span(m.signatures).first(signature_size(c));
  for (auto _ : state)
    if (!verifier->verify(m.key.public_half(), digest, signature))
      state.SkipWithError("a signature does not verify");
  state.SetItemsProcessed(state.iterations());
}

void hash_record(benchmark::State& state, curve c) {
  const std::vector<std::byte> record(static_cast<std::size_t>(state.range(0)),
                                      std::byte{7});
  record_hasher hasher(c);
  std::vector<std::byte> digest(hasher.size());
  for (auto _ : state) {
    hasher(record, digest);
    benchmark::DoNotOptimize(digest.data());
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

/// A thousand records of range(0) bytes; 0: of 40 to 1,000.
std::vector<std::vector<std::byte>> records_of(std::int64_t size) {
  std::vector<std::vector<std::byte>> records;
  for (std::size_t i = 0; i < 1'000; ++i)
    records.emplace_back(size != 0 ? static_cast<std::size_t>(size)
                                   : 40 + i * 7'919 % 961,
                         std::byte{7});
  return records;
}

void hash_many(benchmark::State& state, bool at_once) {
  const auto records = records_of(state.range(0));
  const std::vector<std::span<const std::byte>> views(records.begin(),
                                                      records.end());
  std::vector<std::byte> digests(records.size() * sha256_size);
  record_hasher hasher(curve::p256);
  for (auto _ : state) {
    if (at_once)
      hasher(views, digests);
    else
      for (std::size_t i = 0; i < views.size(); ++i)
        hasher(views[i], std::span(digests).subspan(i * sha256_size));
    benchmark::DoNotOptimize(digests.data());
  }
  state.SetItemsProcessed(state.iterations() *
                          static_cast<std::int64_t>(records.size()));
}

BENCHMARK_CAPTURE(hash_many, at_once, true)
    ->Arg(100)
    ->Arg(160)
    ->Arg(1'000)
    ->Arg(0);
BENCHMARK_CAPTURE(hash_many, one_by_one, false)
    ->Arg(100)
    ->Arg(160)
    ->Arg(1'000)
    ->Arg(0);
BENCHMARK_CAPTURE(sign, openssl_p256, provider::openssl, curve::p256);
BENCHMARK_CAPTURE(sign, botan_p256, provider::botan, curve::p256);
BENCHMARK_CAPTURE(sign, openssl_p384, provider::openssl, curve::p384);
BENCHMARK_CAPTURE(sign, botan_p384, provider::botan, curve::p384);
BENCHMARK_CAPTURE(verify, openssl_p256, provider::openssl, curve::p256);
BENCHMARK_CAPTURE(verify, botan_p256, provider::botan, curve::p256);
BENCHMARK_CAPTURE(verify, openssl_p384, provider::openssl, curve::p384);
BENCHMARK_CAPTURE(verify, botan_p384, provider::botan, curve::p384);
BENCHMARK_CAPTURE(hash_record, sha256, curve::p256)->Arg(160)->Arg(16'384);
BENCHMARK_CAPTURE(hash_record, sha384, curve::p384)->Arg(160)->Arg(16'384);

} // namespace
