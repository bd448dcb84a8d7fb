// SPDX-License-Identifier: Apache-2.0

// Measures commits of different numbers of signatures, with and without a sync,
// the same with many signatures in a value, and reading records in order.

#include "storage/record_store.hpp"

#include <benchmark/benchmark.h>

#include <filesystem>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <system_error>
#include <vector>

namespace {

using namespace chancery;

/// Records in a table before it is replaced by a fresh one.
constexpr std::uint64_t table_records = 200'000;

// A store of small records in a temporary folder.
class scratch_store {
 public:
  explicit scratch_store(bool sync) {
    auto name =
        (std::filesystem::temp_directory_path() / "chancery-benchmark-XXXXXX")
            .string();
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error("cannot create a temporary folder");
    folder_ = name;
    storage::store_info info;
    info.signature_size = 64;
    storage::store_options options;
    options.sync = sync;
    storage::record_store::create(folder_, info, options);
    store_ = std::make_unique<storage::record_store>(folder_, options);
    auto transaction = store_->write();
    const std::vector<std::byte> record(160, std::byte{5});
    for (std::uint64_t i = 0; i < table_records; ++i)
      transaction.append_record(record);
    transaction.commit();
  }

  scratch_store(const scratch_store&) = delete;
  scratch_store& operator=(const scratch_store&) = delete;

  ~scratch_store() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  storage::record_store& operator*() { return *store_; }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<storage::record_store> store_;
};

void commit_signatures(benchmark::State& state, bool sync) {
  storage::batch_row row;
  row.count = static_cast<std::uint32_t>(state.range(0));
  const std::vector<std::byte> signatures(std::size_t{row.count} * 64);
  std::unique_ptr<scratch_store> store;
  for (auto _ : state) {
    if (!store || row.first + row.count > table_records) {
      state.PauseTiming();
      store.reset();
      store = std::make_unique<scratch_store>(sync);
      row.first = 0;
      state.ResumeTiming();
    }
    auto transaction = (**store).write();
    if (!transaction.put_batch(row, signatures))
      state.SkipWithError("a batch is refused");
    transaction.commit();
    row.first += row.count;
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void read_records(benchmark::State& state) {
  scratch_store store(false);
  const auto view = (*store).read();
  auto records = view.walk(storage::table::records);
  bool more = records.seek(0);
  for (auto _ : state) {
    benchmark::DoNotOptimize(records.value().data());
    more = records.next();
    if (!more)
      more = records.seek(0);
  }
  state.SetItemsProcessed(state.iterations());
}

/// As many signatures as a run stores in 10 ms, range(0) of them in a value: a
/// layout that is only tried, in the table of records.
void commit_chunks(benchmark::State& state, bool sync) {
  constexpr std::int64_t records = 10'000;
  const std::vector<std::byte> chunk(static_cast<std::size_t>(state.range(0)) *
                                     64);
  std::unique_ptr<scratch_store> store;
  int commits = 0;
  for (auto _ : state) {
    if (commits++ % 100 == 0) {
      state.PauseTiming();
      store.reset();
      store = std::make_unique<scratch_store>(sync);
      state.ResumeTiming();
    }
    auto transaction = (**store).write();
    for (std::int64_t i = 0; i < records; i += state.range(0))
      transaction.append_record(chunk);
    transaction.commit();
  }
  state.SetItemsProcessed(state.iterations() * records);
}

BENCHMARK_CAPTURE(commit_chunks, synced, true)->Arg(1)->Arg(100)->Arg(1'000);
BENCHMARK_CAPTURE(commit_chunks, unsynced, false)->Arg(1)->Arg(100)->Arg(1'000);
BENCHMARK_CAPTURE(commit_signatures, synced, true)
    ->RangeMultiplier(10)
    ->Range(1, 10'000)
    ->UseRealTime();
BENCHMARK_CAPTURE(commit_signatures, unsynced, false)
    ->RangeMultiplier(10)
    ->Range(1, 10'000)
    ->UseRealTime();
BENCHMARK(read_records);

} // namespace
