// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which hosts hold leases, by the journal of the data folder. A look costs only
// what the journal has grown by. One thread at a time.

#include "storage/record_store.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace chancery::apps {

class leases_out {
 public:
  /// Reads the events since the last look.
  void look(const storage::record_store& store);

  /// How many leases the host of this name held at the last look.
  std::size_t of(const std::string& borrower) const;

 private:
  void take(const storage::event& event);

  std::uint64_t next_ = 0;                   ///< key of the next event
  std::map<std::uint64_t, std::string> out_; ///< fence, borrower
};

} // namespace chancery::apps
