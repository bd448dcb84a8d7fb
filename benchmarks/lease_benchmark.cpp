// SPDX-License-Identifier: Apache-2.0

// Measures what borrowing a key costs: the queue, the lease book, the token.

#include "actors/signing/key_queue.hpp"
#include "actors/signing/lease_book.hpp"
#include "crypto/base/random.hpp"
#include "crypto/keyring/lease.hpp"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace {

using namespace chancery;

std::vector<storage::key_name> names(std::int64_t count) {
  std::vector<storage::key_name> made(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < made.size(); ++i)
    for (unsigned byte = 0; byte < 4; ++byte)
      made[i][byte] = static_cast<std::uint8_t>(i >> (8 * byte));
  return made;
}

void take_from_the_queue_and_put_back(benchmark::State& state) {
  actors::key_queue queue;
  for (actors::key_index i = 0; i < state.range(0); ++i)
    queue.push_young(i);
  for (auto _ : state)
    queue.push_young(*queue.pop_oldest());
  state.SetItemsProcessed(state.iterations());
}

void lend_and_give_back(benchmark::State& state) {
  actors::lease_book book(1, names(state.range(0)));
  for (auto _ : state) {
    const auto lent = book.lend(1, {});
    if (!book.give_back(lent[0].key, lent[0].fence))
      state.SkipWithError("a return is refused");
  }
  state.SetItemsProcessed(state.iterations());
}

struct tokens {
  explicit tokens(std::int64_t count)
      : authority(secret(), crypto::make_random_id(crypto::system_random()),
                  crypto::make_random_id(crypto::system_random())) {
    set.leases.resize(static_cast<std::size_t>(count));
    authority.sign(set);
  }

  static std::vector<std::byte> secret() {
    return std::vector<std::byte>(32, std::byte{3});
  }

  crypto::lease_authority authority;
  crypto::lease_set set{};
};

void sign_leases(benchmark::State& state) {
  tokens t(state.range(0));
  for (auto _ : state) {
    ++t.set.nonce;
    t.authority.sign(t.set);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void check_leases(benchmark::State& state) {
  tokens t(state.range(0));
  for (auto _ : state)
    if (!t.authority.check(t.set))
      state.SkipWithError("leases are refused");
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(take_from_the_queue_and_put_back)->Arg(100)->Arg(10'000);
BENCHMARK(lend_and_give_back)->Arg(100)->Arg(10'000);
BENCHMARK(sign_leases)->Arg(1)->Arg(24);
BENCHMARK(check_leases)->Arg(1)->Arg(24);

} // namespace
