// SPDX-License-Identifier: Apache-2.0
#pragma once

// How many unknown tokens came from each address of late. After ten within a
// minute the refusals of further ones are to be slowed; a right token never is,
// as a proxy is one address for all its clients. Any thread.

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace chancery::apps {

class wrong_tokens {
 public:
  using time = std::chrono::steady_clock::time_point;

  static constexpr std::size_t free_of_delay = 10;
  static constexpr std::chrono::seconds memory{60};
  /// The address whose last one is longest ago gives way beyond it.
  static constexpr std::size_t addresses_max = 1'024;

  void add(const std::string& address, time now);
  bool to_be_slowed(const std::string& address, time now) const;

 private:
  struct count {
    std::size_t seen = 0;
    time last;
  };

  mutable std::mutex mutex_;
  std::map<std::string, count> counts_;
};

} // namespace chancery::apps
