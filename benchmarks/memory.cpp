// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
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

constexpr std::chrono::milliseconds sample_interval{10};

std::uint64_t anonymous_kb() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word)
    if (std::uint64_t kb = 0; word == "RssAnon:" && status >> kb)
      return kb;
  return 0;
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

memory_use measure_one(const std::vector<std::string>& arguments,
                       std::uint64_t size) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0)
    throw std::runtime_error("cannot create a pipe");
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
        fmt::format("the job of size {} failed; see its error above", size));
  use.size = size;
  use.peak_kb = static_cast<std::uint64_t>(usage.ru_maxrss);
  return use;
}

} // namespace

void measure_memory(
    const std::vector<std::uint64_t>& sizes, const std::string& unit,
    const std::function<std::vector<std::string>(std::uint64_t)>& arguments) {
  fmt::print("{:>10} {:>12} {:>12} {:>9}\n", unit, "peak RSS MB",
             "peak anon MB", "per s");
  for (const auto size : sizes) {
    fmt::print(stderr, "memory: a job of {} {}\n", size, unit);
    const auto use = measure_one(arguments(size), size);
    fmt::print("{:>10} {:>12.1f} {:>12.1f} {:>9.0f}\n", use.size,
               static_cast<double>(use.peak_kb) / 1024,
               static_cast<double>(use.peak_anon_kb) / 1024, use.rate);
  }
}

void run_memory_child(const std::function<double()>& job) {
  std::atomic<std::uint64_t> peak_kb{0};
  double rate = 0;
  {
    const std::jthread sampler([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        peak_kb = std::max(peak_kb.load(), anonymous_kb());
        std::this_thread::sleep_for(sample_interval);
      }
    });
    rate = job();
  }
  fmt::print("{} {}\n", peak_kb.load(), rate);
}

} // namespace chancery::benchmarks
