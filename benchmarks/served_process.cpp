// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/served_process.hpp"

#include <csignal>
#include <ctime>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <thread>

namespace chancery::benchmarks {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

std::optional<std::uint16_t> port_in(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line) || in.eof()) // not written completely
    return std::nullopt;
  return static_cast<std::uint16_t>(
      std::stoul(line.substr(line.rfind(':') + 1)));
}

} // namespace

served_process::served_process(const std::filesystem::path& program,
                               const std::vector<std::string>& arguments,
                               const std::filesystem::path& folder)
    : child_(program, arguments,
             {folder / "served.out", folder / "served.err"}) {
  const auto begin = steady::now();
  for (;; std::this_thread::sleep_for(1ms)) {
    if (const auto port = port_in(folder / "served.out")) {
      port_ = *port;
      break;
    }
    if (child_.ended())
      throw std::runtime_error(program.string() + " ended; see " +
                               (folder / "served.err").string());
  }
  start_seconds_ = std::chrono::duration<double>(steady::now() - begin).count();
}

served_process::~served_process() {
  child_.signal(SIGTERM);
  child_.wait(15s);
}

double served_process::cpu_seconds() const {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(child_.pid(), &clock) != 0 ||
      ::clock_gettime(clock, &time) != 0)
    throw std::runtime_error("the server has ended");
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_nsec) * 1e-9;
}

std::uint64_t served_process::anonymous_bytes() const {
  std::ifstream status("/proc/" + std::to_string(child_.pid()) + "/status");
  for (std::string name; status >> name;) {
    std::uint64_t kb = 0;
    if (name == "RssAnon:" && status >> kb)
      return kb << 10;
    std::getline(status, name);
  }
  throw std::runtime_error("the server has ended");
}

} // namespace chancery::benchmarks
