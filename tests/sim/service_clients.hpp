// SPDX-License-Identifier: Apache-2.0
#pragma once

// The clients of a simulated service: they send records of random numbers and
// sizes, with names and without, send requests again that were not answered, or
// were, and remember what was acknowledged to them. They outlive the service.

#include "actors/signing/record_submission.hpp"
#include "storage/record_store.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace chancery::tests {

class service_clients {
 public:
  explicit service_clients(std::mt19937_64& random) : random_(random) {}

  /// A new request, or an old one again, and the number of its sending.
  std::pair<std::size_t, actors::record_request> send();

  /// The answer to that sending. Clients of a process that is gone get none.
  void answered(std::size_t sending, const actors::record_answer& answer);

  /// The first acknowledgement that does not hold, or answer that is wrong.
  std::optional<std::string> broken(const storage::record_store& store) const;

  std::uint64_t acknowledged() const noexcept { return records_.size(); }
  std::uint64_t replayed() const noexcept { return replayed_; }
  std::uint64_t refused() const noexcept { return refused_; }

 private:
  struct remembered_record {
    std::string name;
    std::string bytes;
  };

  actors::record_request make();
  std::optional<std::string>
  broken_record(const storage::snapshot& view, std::uint64_t id,
                const remembered_record& expected) const;
  std::optional<std::string> stored_twice(const storage::snapshot& view) const;
  void wrong(std::string what);

  std::mt19937_64& random_;
  std::vector<actors::record_request> requests_; ///< without those sent again
  std::vector<std::size_t> sendings_;            ///< numbers of requests
  std::map<std::uint64_t, remembered_record> records_; ///< acknowledged
  std::map<std::string, actors::record_answer> first_; ///< by mark
  std::uint64_t replayed_ = 0;
  std::uint64_t refused_ = 0;
  std::optional<std::string> wrong_;
};

} // namespace chancery::tests
