// SPDX-License-Identifier: Apache-2.0
#include "storage/database_head.hpp"

#include <bit>

namespace chancery::storage::lmdb {

namespace {

constexpr std::uint16_t meta_page = 8;
constexpr std::uint32_t lmdb_magic = 0xBEEFC0DE;

// A meta page behind its page header: magic u32, version u32, address and size
// of the map u64 each, two trees, last page u64, commit u64.
constexpr std::size_t flags_at = 10;
constexpr std::size_t magic_at = page_header_size;
constexpr std::size_t free_pages_at = page_header_size + 24;
constexpr std::size_t main_at = free_pages_at + tree::size;
constexpr std::size_t last_page_at = main_at + tree::size;
constexpr std::size_t commit_at = last_page_at + 8;
static_assert(commit_at + 8 == database_head::page_part_size);

// The tree of free pages has numbers as keys (MDB_INTEGERKEY); the program
// gives no other flag to any tree.
constexpr std::uint16_t number_keys = 8;

constexpr std::uint64_t last_page_max = std::uint64_t{1} << 40;

} // namespace

database_head database_head::parse(page_bytes page) {
  return {number_at<std::uint32_t>(page, magic_at),
          number_at<std::uint16_t>(page, flags_at),
          tree::parse(page.subspan(free_pages_at)),
          tree::parse(page.subspan(main_at)),
          number_at<std::uint64_t>(page, last_page_at),
          number_at<std::uint64_t>(page, commit_at)};
}

void database_head::check(std::uint64_t number) const {
  if (flags != meta_page || magic != lmdb_magic)
    throw page_damage(number, "no meta page");
  if (free_pages.flags != number_keys || main.flags != 0)
    throw page_damage(number, "unknown flags");
  if (last_page < 1 || last_page > last_page_max)
    throw page_damage(number, "a wrong number of pages");
  if (commit != 0 && commit % 2 != number)
    throw page_damage(number, "a wrong commit number");
}

database_heads::database_heads(page_bytes first, page_bytes second)
    : heads_{database_head::parse(first), database_head::parse(second)} {}

// Commit numbers follow each other, and a file's pages never become fewer. In
// a file without commits both numbers are 0.
void database_heads::check() const {
  heads_[0].check(0);
  heads_[1].check(1);
  const std::size_t newer = heads_[1].commit > heads_[0].commit ? 1 : 0;
  const auto& last = heads_[newer];
  const auto& before = heads_[1 - newer];
  if (last.commit != 0 && last.commit != before.commit + 1)
    throw page_damage(newer, "a wrong commit number");
  if (last.last_page < before.last_page ||
      last.free_pages.pad != before.free_pages.pad)
    throw page_damage(newer, "other pages than before");
}

std::optional<database_head> database_heads::of(std::uint64_t commit) const {
  const auto& wanted = heads_[commit % 2];
  if (wanted.commit != commit)
    return std::nullopt;
  wanted.check(commit % 2);
  return wanted;
}

bool database_heads::is_before_last(std::uint64_t commit) const {
  return heads_[(commit + 1) % 2].commit > commit;
}

std::size_t page_size_of(page_bytes first) {
  const auto size = database_head::parse(first).free_pages.pad;
  if (size < 512 || size > page_size_max || !std::has_single_bit(size))
    throw page_damage(0, "a page size that LMDB does not use");
  return size;
}

} // namespace chancery::storage::lmdb
