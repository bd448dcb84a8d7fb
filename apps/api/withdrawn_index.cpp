// SPDX-License-Identifier: Apache-2.0
#include "apps/api/withdrawn_index.hpp"

#include <algorithm>
#include <utility>

namespace chancery::apps {

withdrawn_index::rows withdrawn_index::in(const storage::snapshot& view) {
  const std::scoped_lock lock(mutex_);
  const auto count = view.withdrawn_count();
  if (count == count_)
    return rows_;
  std::vector<withdrawn_record> all;
  view.each_withdrawn([&](const storage::withdrawn_row& row) {
    if (!all.empty() && all.back().record == row.record)
      all.pop_back(); // events of a record ascend
    all.push_back({row.event, row.record});
  });
  std::ranges::sort(all);
  rows_ = std::make_shared<const std::vector<withdrawn_record>>(std::move(all));
  count_ = count;
  return rows_;
}

} // namespace chancery::apps
