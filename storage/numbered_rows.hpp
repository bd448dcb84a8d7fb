// SPDX-License-Identifier: Apache-2.0
#pragma once

// How far a table goes whose keys are the numbers from 0 on.

#include <cstdint>

namespace chancery::storage {

struct numbered_rows {
  std::uint64_t rows = 0;
  std::uint64_t end = 0; ///< the last number + 1

  /// As in every table that this program wrote.
  bool whole() const noexcept { return rows == end; }
};

} // namespace chancery::storage
