// SPDX-License-Identifier: Apache-2.0
#pragma once

// `chancery serve` as a child process, on a free port of the loopback. One
// thread.

#include "tests/e2e/node_process.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chancery::tests {

class serve_process {
 public:
  /// Its stderr goes to the end of `errors`.
  serve_process(const std::string& binary, const std::filesystem::path& data,
                const std::filesystem::path& errors,
                std::vector<std::string> options = {})
      : process_(arguments(binary, data, std::move(options)), errors.string()) {
  }

  /// Waits until it serves; nothing when it ends before, or in all that time.
  std::optional<std::uint16_t> port(std::chrono::microseconds patience) {
    const auto line = process_.read_line(patience);
    if (!line)
      return std::nullopt;
    const auto* const end = line->data() + line->size();
    std::uint16_t port = 0;
    const auto* const begin = line->data() + line->rfind(':') + 1;
    if (std::from_chars(begin, end, port).ptr != end)
      return std::nullopt;
    return port;
  }

  node_process& process() { return process_; }

  /// Asks it to end, and returns its exit code.
  int end() {
    process_.signal(SIGTERM);
    return process_.wait();
  }

 private:
  static std::vector<std::string> arguments(const std::string& binary,
                                            const std::filesystem::path& data,
                                            std::vector<std::string> options) {
    std::vector<std::string> all{binary,  "--data", data.string(),
                                 "serve", "--http", "127.0.0.1:0"};
    all.insert(all.end(), options.begin(), options.end());
    return all;
  }

  node_process process_;
};

} // namespace chancery::tests
