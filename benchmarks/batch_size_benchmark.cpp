// SPDX-License-Identifier: Apache-2.0

// Compares the whole job at several batch sizes with what bounds it: the raw
// signing rate of the same number of threads, and the same job by plain threads
// without actors. All three are interleaved and repeated, so that a machine
// that slows down for a while slows them all. README.md explains the figures.

#include "benchmarks/memory.hpp"
#include "benchmarks/plain_threads.hpp"
#include "benchmarks/raw_rate.hpp"
#include "benchmarks/report.hpp"
#include "crypto/base/random.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>

namespace {

using namespace chancery;
using namespace chancery::benchmarks;

/// The batch size at which one signer is compared with all.
constexpr std::uint32_t scaling_batch_size = 100;

struct settings {
  workload work;
  std::vector<std::uint32_t> batch_sizes{1, 10, 100, 1'000, 10'000};
  std::vector<std::uint64_t> memory_records{100'000, 1'000'000};
  std::size_t repetitions = 3;
  std::string provider = "auto";
  std::string csv;
  std::string only;
  bool json = false;
  bool memory = false;
  bool memory_child = false;
};

void add_options(CLI::App& app, settings& s) {
  app.add_option("--records", s.work.records, "Records in the table")
      ->check(CLI::Range(1'000u, 100'000'000u))
      ->capture_default_str();
  app.add_option("--record-size", s.work.record_size, "Bytes per record")
      ->check(CLI::Range(8u, 65'536u))
      ->capture_default_str();
  app.add_option("--keys", s.work.keys, "Keys in the keyring")
      ->check(CLI::Range(1u, 100'000u))
      ->capture_default_str();
  app.add_option("--signers", s.work.signers, "Signers, or plain threads")
      ->check(CLI::Range(1u, 1'024u))
      ->capture_default_str();
  app.add_option("--provider", s.provider, "auto, batch, openssl or botan")
      ->capture_default_str();
  app.add_option("--batch-sizes", s.batch_sizes, "Separated by commas")
      ->delimiter(',')
      ->check(CLI::Range(1u, 100'000u));
  app.add_option("--repeat", s.repetitions,
                 "Repetitions; the median is reported")
      ->check(CLI::Range(1u, 1'000u))
      ->capture_default_str();
  app.add_option("--folder", s.work.folder, "Parent folder of temporary stores")
      ->capture_default_str();
  app.add_option("--csv", s.csv, "Also write the table to this CSV file");
  app.add_flag("--audit", s.work.audit, "Audit the store of each job");
  app.add_flag("--json", s.json, "Print JSON instead of the table");
  app.add_option("--only", s.only, "Run only one part, to profile it")
      ->check(CLI::IsMember({"actors", "plain", "raw"}));
  app.add_flag("--memory", s.memory, "Measure peak memory, in child processes");
  app.add_option("--memory-records", s.memory_records,
                 "Table sizes for --memory, separated by commas")
      ->delimiter(',');
  app.add_flag("--memory-child", s.memory_child)->group("");
}

void say(const std::string& what) { fmt::print(stderr, "{}\n", what); }

repetition measure_once(const settings& s, const crypto::keyring& keys,
                        std::uint32_t batch_size, bool plain_first) {
  repetition r;
  r.raw_before = run_raw(s.work, keys);
  if (plain_first)
    r.plain = run_plain(s.work, keys, batch_size);
  r.actors = run_actors(s.work, keys, batch_size);
  if (!plain_first)
    r.plain = run_plain(s.work, keys, batch_size);
  r.raw_after = run_raw(s.work, keys);
  return r;
}

// Compares one signer with all of them, and the raw rates of both: where
// threads share a core or its frequency, no program scales better than raw
// signing does.
scaling measure_scaling(const settings& s, const crypto::keyring& keys) {
  auto one = s.work;
  one.signers = 1;
  std::vector<double> rates;
  std::vector<double> ratios;
  std::vector<double> raw_ratios;
  for (std::size_t i = 0; i < s.repetitions; ++i) {
    say(fmt::format("one signer and {}, {} of {}", s.work.signers, i + 1,
                    s.repetitions));
    const auto raw_one = run_raw(one, keys).rate();
    const auto before = run_actors(one, keys, scaling_batch_size).rate();
    const auto all = run_actors(s.work, keys, scaling_batch_size).rate();
    const auto after = run_actors(one, keys, scaling_batch_size).rate();
    raw_ratios.push_back(run_raw(s.work, keys).rate() / raw_one);
    rates.push_back((before + after) / 2);
    ratios.push_back(all / rates.back());
  }
  return {scaling_batch_size, median(rates), median(ratios),
          median(raw_ratios)};
}

report measure_all(const settings& s, const crypto::keyring& keys) {
  std::map<std::uint32_t, std::vector<repetition>> found;
  for (std::size_t i = 0; i < s.repetitions; ++i)
    for (const auto batch_size : s.batch_sizes) {
      say(fmt::format("batch size {}, {} of {}", batch_size, i + 1,
                      s.repetitions));
      found[batch_size].push_back(
          measure_once(s, keys, batch_size, i % 2 == 0));
    }
  report r;
  r.measured = s.work;
  r.repetitions = s.repetitions;
  for (const auto& [batch_size, repetitions] : found)
    r.rows.push_back(summarize(batch_size, repetitions));
  if (s.work.signers > 1)
    r.scale = measure_scaling(s, keys);
  return r;
}

void run_part(const settings& s, const crypto::keyring& keys) {
  for (const auto batch_size : s.batch_sizes) {
    const auto m = s.only == "raw"     ? run_raw(s.work, keys)
                   : s.only == "plain" ? run_plain(s.work, keys, batch_size)
                                       : run_actors(s.work, keys, batch_size);
    fmt::print("{} at batch size {}: {:.0f} rec/s, {:.2f} us CPU a record\n",
               s.only, batch_size, m.rate(), m.cpu_us());
  }
}

void run_memory(const settings& s) {
  measure_memory(s.memory_records, "records", [&](std::uint64_t records) {
    return std::vector<std::string>{
        "batch_size_benchmark",
        "--memory-child",
        "--records=" + std::to_string(records),
        "--record-size=" + std::to_string(s.work.record_size),
        "--keys=" + std::to_string(s.work.keys),
        "--signers=" + std::to_string(s.work.signers),
        "--provider=" + std::string(crypto::to_text(s.work.provider)),
        "--folder=" + s.work.folder.string()};
  });
}

void run_one_job(const settings& s) {
  run_memory_child([&] {
    const crypto::keyring keys(s.work.curve, s.work.keys,
                               crypto::system_random());
    return run_actors(s.work, keys, scaling_batch_size).rate();
  });
}

void write_csv(const std::string& path, const report& r) {
  std::ofstream file(path);
  file << to_csv(r) << std::flush;
  if (!file)
    throw std::runtime_error("cannot write " + path);
}

void run(settings& s) {
  s.work.provider = crypto::provider_from_name(s.provider, s.work.curve);
  if (s.memory_child)
    return run_one_job(s);
  if (s.memory)
    return run_memory(s);
  const crypto::keyring keys(s.work.curve, s.work.keys,
                             crypto::system_random());
  if (!s.only.empty())
    return run_part(s, keys);
  const auto r = measure_all(s, keys);
  fmt::print("{}", s.json ? to_json(r) : to_table(r));
  if (!s.csv.empty())
    write_csv(s.csv, r);
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app("Compares batch sizes, and the whole job with what bounds it");
  settings s;
  s.work.folder = std::filesystem::temp_directory_path();
  add_options(app, s);
  CLI11_PARSE(app, argc, argv);
  try {
    run(s);
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "batch_size_benchmark: {}\n", e.what());
    return 1;
  }
}
