// SPDX-License-Identifier: Apache-2.0
#pragma once

// The workers now connected to a coordinator, and what each has done, for
// display. Gateways write their own rows; any thread may read. No signing
// decision depends on it.

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace chancery::actors {

struct worker_row {
  std::string name; ///< of the certificate
  std::chrono::steady_clock::time_point since{};
  std::uint64_t records = 0; ///< signatures handed in over this connection
  std::uint64_t leases_out = 0;
  bool told_end = false; ///< it knows that there is nothing left to sign
};

class worker_table {
 public:
  /// Adds a row and returns its number. Two connections of a worker are two
  /// rows.
  std::uint64_t enter(std::string name);
  void count(std::uint64_t row, std::uint64_t records,
             std::uint64_t leases_out);
  void told_end(std::uint64_t row);
  void leave(std::uint64_t row);

  /// In the order of connecting.
  std::vector<worker_row> rows() const;
  /// Whether every connected worker knows that nothing is left to sign.
  bool all_told_end() const;

 private:
  mutable std::mutex mutex_;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, worker_row> rows_;
};

} // namespace chancery::actors
