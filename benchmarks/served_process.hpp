// SPDX-License-Identifier: Apache-2.0
#pragma once

// A server as a process of its own, so that its CPU time and memory are not
// those of who asks it. Main thread only.

#include "apps/http/http_client.hpp"
#include "apps/platform/child_process.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace chancery::benchmarks {

class served_process {
 public:
  /// Starts it and waits for a line on its stdout that ends with the address:
  /// "... http://127.0.0.1:1234". Its output goes into `folder`. Throws
  /// std::runtime_error when it ends before.
  served_process(const std::filesystem::path& program,
                 const std::vector<std::string>& arguments,
                 const std::filesystem::path& folder);
  /// Asks it to end, and waits.
  ~served_process();
  served_process(const served_process&) = delete;
  served_process& operator=(const served_process&) = delete;

  apps::http_client_options address() const { return {.port = port_}; }

  double cpu_seconds() const; ///< of all its threads so far
  /// What it holds itself now, without pages of files.
  std::uint64_t anonymous_bytes() const;
  /// From its start to its first line.
  double start_seconds() const noexcept { return start_seconds_; }

 private:
  apps::child_process child_;
  std::uint16_t port_ = 0;
  double start_seconds_ = 0;
};

} // namespace chancery::benchmarks
