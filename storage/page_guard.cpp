// SPDX-License-Identifier: Apache-2.0
#include "storage/page_guard.hpp"

#include <algorithm>
#include <atomic>

namespace chancery::storage::lmdb {

bool page_guard::move_to(std::uint64_t commit, bool last_try) {
  const database_heads heads(file_.at(0, 1), file_.at(1, 1));
  if (!last_try && heads.is_before_last(commit))
    return false;
  const auto head = heads.of(commit);
  if (!head)
    return false;
  head_ = *head;
  pages_ = page_source(&file_, head_.last_page);
  main_.reset();
  if (!head_.main.empty())
    main_.emplace(pages_.at(head_.main.root), head_.main.root,
                  key_order::bytes);
  return true;
}

page_path page_guard::path_in(std::string_view table) const {
  if (table.empty())
    return {pages_, head_.main, key_order::bytes};
  const auto key = std::as_bytes(std::span(table));
  if (!main_)
    return {pages_, {}, key_order::bytes};
  const std::size_t i = main_->lower_bound(key, key_order::bytes);
  if (i == main_->size() || !std::ranges::equal(main_->key(i), key))
    return {pages_, {}, key_order::bytes};
  const auto value = main_->value_at(i);
  if (!value.is_tree)
    throw page_damage(main_->number(), "a name without a table");
  const auto root = tree::parse(value.inside);
  if (root.flags != 0)
    throw page_damage(main_->number(), "unknown flags");
  return {pages_, root, key_order::bytes};
}

} // namespace chancery::storage::lmdb
