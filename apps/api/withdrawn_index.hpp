// SPDX-License-Identifier: Apache-2.0
#pragma once

// The records whose signatures were withdrawn, in the order of the withdrawals.
// The table of the store is in the order of records; it is read again only when
// it has grown, which happens when somebody repairs a folder. Any thread.

#include "storage/record_store.hpp"

#include <compare>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace chancery::apps {

/// A record's last withdrawal.
struct withdrawn_record {
  std::uint64_t event = 0; ///< of the journal
  std::uint64_t record = 0;

  friend auto operator<=>(const withdrawn_record&,
                          const withdrawn_record&) = default;
};

class withdrawn_index {
 public:
  using rows = std::shared_ptr<const std::vector<withdrawn_record>>;

  /// Those of the view, ascending, each record once. Views of one store alone.
  rows in(const storage::snapshot& view);

 private:
  std::mutex mutex_;
  std::uint64_t count_ = 0; ///< of the table that rows_ is made of
  rows rows_ = std::make_shared<const std::vector<withdrawn_record>>();
};

} // namespace chancery::apps
