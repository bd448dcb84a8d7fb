// SPDX-License-Identifier: Apache-2.0

// Compares signing and verifying many digests in one call with libcrypto doing
// it one by one, on one core, alternating. README.md explains the figures.

#include "benchmarks/report.hpp"
#include "crypto/p256/kernel_choice.hpp"
#include "crypto/providers/provider_parts.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ctime>
#include <memory>
#include <span>
#include <vector>

namespace {

using namespace chancery;
using namespace chancery::benchmarks;
using json = nlohmann::ordered_json;

struct settings {
  std::vector<std::size_t> runs{1, 8, 16, 32, 100, 1'000, 10'000};
  std::size_t repetitions = 9;
  bool as_json = false;
};

double thread_cpu_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// Digests and their keys: one key for all, or `keys` in turn.
struct work {
  work(const std::vector<crypto::private_key>& keys, std::size_t count,
       bool one_key)
      : digests(32 * count), signatures(64 * count),
        verdicts(std::make_unique<bool[]>(count)) {
    crypto::system_random()(digests);
    if (one_key)
      runs.push_back({&keys.front(), count});
    else
      for (std::size_t i = 0; i < count; ++i)
        runs.push_back({&keys[i % keys.size()], 1});
  }

  std::size_t count() const { return signatures.size() / 64; }

  /// To be called after signing.
  std::vector<crypto::signature_claim> claims() const {
    std::vector<crypto::signature_claim> all;
    std::size_t i = 0;
    for (const auto& run : runs)
      for (std::size_t j = 0; j < run.count; ++j, ++i)
        all.push_back({&run.key->public_half(),
                       std::span(digests).subspan(32 * i, 32),
                       std::span(signatures).subspan(64 * i, 64)});
    return all;
  }

  std::vector<std::byte> digests, signatures;
  std::vector<crypto::key_run> runs;
  std::unique_ptr<bool[]> verdicts;
};

/// CPU microseconds per signature, over as many calls as take about 2 ms.
template <class Function>
double us_each(std::size_t count, double us_expected, Function&& call) {
  const auto calls = std::max<std::size_t>(
      1, static_cast<std::size_t>(2'000 /
                                  (us_expected * static_cast<double>(count))));
  const double begin = thread_cpu_seconds();
  for (std::size_t i = 0; i < calls; ++i)
    call();
  return (thread_cpu_seconds() - begin) * 1e6 /
         static_cast<double>(calls * count);
}

json row(const char* kernel, const char* what, std::size_t count, bool one_key,
         const std::vector<double>& ours, const std::vector<double>& theirs) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < ours.size(); ++i)
    ratios.push_back(theirs[i] / ours[i]);
  return {{"kernel", kernel},
          {"what", what},
          {"run", count},
          {"keys", one_key ? "one" : "many"},
          {"us", median(ours)},
          {"openssl_us", median(theirs)},
          {"times_openssl", median(ratios)}};
}

json compare_signing(const crypto::p256::kernel& k, work& w, bool one_key,
                     std::size_t repetitions) {
  const auto ours = crypto::make_batch_p256_signer(k, crypto::system_random());
  const auto theirs = crypto::make_openssl_signer(crypto::curve::p256);
  const auto sign = [&](crypto::batch_signer& signer) {
    signer.sign_batch(w.runs, w.digests, w.signatures);
  };
  sign(*ours); // warm-up: contexts, and the first call's check
  sign(*theirs);
  std::vector<double> us, openssl_us;
  for (std::size_t i = 0; i < repetitions; ++i) {
    us.push_back(us_each(w.count(), 1, [&] { sign(*ours); }));
    openssl_us.push_back(us_each(w.count(), 20, [&] { sign(*theirs); }));
  }
  return row(k.name, "sign", w.count(), one_key, us, openssl_us);
}

json compare_verifying(const crypto::p256::kernel& k, work& w, bool one_key,
                       std::size_t repetitions) {
  const auto ours = crypto::make_batch_p256_verifier(k);
  const auto theirs = crypto::make_openssl_verifier(crypto::curve::p256);
  const auto claims = w.claims();
  const auto verify = [&](crypto::signature_verifier& verifier) {
    verifier.verify_batch(claims, std::span(w.verdicts.get(), w.count()));
  };
  verify(*ours);
  verify(*theirs);
  std::vector<double> us, openssl_us;
  for (std::size_t i = 0; i < repetitions; ++i) {
    us.push_back(us_each(w.count(), 3, [&] { verify(*ours); }));
    openssl_us.push_back(us_each(w.count(), 60, [&] { verify(*theirs); }));
  }
  return row(k.name, "verify", w.count(), one_key, us, openssl_us);
}

json measure_all(const settings& s) {
  std::vector<crypto::private_key> keys;
  for (int i = 0; i < 100; ++i)
    keys.push_back(crypto::private_key::generate(crypto::curve::p256,
                                                 crypto::system_random()));
  json rows = json::array();
  for (const auto* k : crypto::p256::usable_kernels())
    for (const bool one_key : {true, false})
      for (const auto count : s.runs) {
        work w(keys, count, one_key);
        rows.push_back(compare_signing(*k, w, one_key, s.repetitions));
        if (count >= 1'000)
          rows.push_back(compare_verifying(*k, w, one_key, s.repetitions));
      }
  return rows;
}

void print_table(const json& rows) {
  fmt::print("{:<14}{:<8}{:>7} {:>6}{:>10}{:>12}{:>14}{:>16}\n", "kernel", "",
             "run", "keys", "us each", "per second", "openssl us",
             "times openssl");
  for (const auto& r : rows)
    fmt::print("{:<14}{:<8}{:>7} {:>6}{:>10.2f}{:>12.0f}{:>14.2f}{:>16.1f}\n",
               r["kernel"].get<std::string>(), r["what"].get<std::string>(),
               r["run"].get<std::size_t>(), r["keys"].get<std::string>(),
               r["us"].get<double>(), 1e6 / r["us"].get<double>(),
               r["openssl_us"].get<double>(), r["times_openssl"].get<double>());
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app("Compares batch signing with signing one by one");
  settings s;
  app.add_option("--runs", s.runs, "Digests per call, separated by commas")
      ->delimiter(',')
      ->check(CLI::Range(1u, 1'000'000u));
  app.add_option("--repeat", s.repetitions,
                 "Repetitions; the median is reported")
      ->check(CLI::Range(1u, 1'000u))
      ->capture_default_str();
  app.add_flag("--json", s.as_json, "Print JSON instead of the table");
  CLI11_PARSE(app, argc, argv);
  try {
    const auto rows = measure_all(s);
    if (s.as_json)
      fmt::print("{}\n", rows.dump(2));
    else
      print_table(rows);
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "batch_signing_benchmark: {}\n", e.what());
    return 1;
  }
}
