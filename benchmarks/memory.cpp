// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/memory.hpp"

#include "crypto/random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace chancery::benchmarks {

namespace {

constexpr std::uint32_t batch_size = 100;
constexpr std::chrono::milliseconds sample_interval{10};

std::uint64_t anonymous_kb() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word)
    if (std::uint64_t kb = 0; word == "RssAnon:" && status >> kb)
      return kb;
  return 0;
}

std::vector<std::string> child_arguments(const workload& w,
                                         std::uint64_t records) {
  return {"batch_size_benchmark",
          "--memory-child",
          "--records=" + std::to_string(records),
          "--record-size=" + std::to_string(w.record_size),
          "--keys=" + std::to_string(w.keys),
          "--signers=" + std::to_string(w.signers),
          "--provider=" + std::string(crypto::to_text(w.provider)),
          "--folder=" + w.folder.string()};
}

[[noreturn]] void become_child(std::vector<std::string> arguments, int out) {
  std::vector<char*> argv;
  for (auto& a : arguments)
    argv.push_back(a.data());
  argv.push_back(nullptr);
  ::dup2(out, STDOUT_FILENO);
  ::execv("/proc/self/exe", argv.data());
  ::_exit(127);
}

memory_use measure_one(const workload& w, std::uint64_t records) {
  const auto arguments = child_arguments(w, records);
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0)
    throw std::runtime_error("cannot make a pipe");
  const auto child = ::fork();
  if (child == 0)
    become_child(arguments, ends[1]);
  ::close(ends[1]);
  memory_use use;
  {
    const std::unique_ptr<FILE, int (*)(FILE*)> in(::fdopen(ends[0], "r"),
                                                   ::fclose);
    unsigned long long anon_kb = 0;
    if (std::fscanf(in.get(), "%llu %lf", &anon_kb, &use.rate) == 2)
      use.peak_anon_kb = anon_kb;
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || ::wait4(child, &status, 0, &usage) != child || status != 0)
    throw std::runtime_error(
        fmt::format("the job of {} records failed, see above", records));
  use.records = records;
  use.peak_kb = static_cast<std::uint64_t>(usage.ru_maxrss);
  return use;
}

} // namespace

std::vector<memory_use>
measure_memory(workload w, const std::vector<std::uint64_t>& sizes) {
  std::vector<memory_use> uses;
  for (const auto records : sizes) {
    fmt::print(stderr, "memory: a job of {} records\n", records);
    uses.push_back(measure_one(w, records));
  }
  return uses;
}

void run_memory_child(const workload& w) {
  std::atomic<std::uint64_t> peak_kb{0};
  measure job;
  {
    const std::jthread sampler([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        peak_kb = std::max(peak_kb.load(), anonymous_kb());
        std::this_thread::sleep_for(sample_interval);
      }
    });
    const crypto::keyring keys(w.curve, w.keys, crypto::system_random());
    job = run_actors(w, keys, batch_size);
  }
  fmt::print("{} {}\n", peak_kb.load(), job.rate());
}

} // namespace chancery::benchmarks
