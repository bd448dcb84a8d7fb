// SPDX-License-Identifier: Apache-2.0
#include "storage/database_check.hpp"

#include "storage/page_path.hpp"

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace chancery::storage::lmdb {

namespace {

constexpr std::uint32_t known_version = 1;
constexpr std::size_t version_at = page_header_size + 4;

constexpr int check_tries_max = 100;
constexpr std::chrono::milliseconds between_tries{1};

class data_file {
 public:
  explicit data_file(const std::filesystem::path& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  data_file(const data_file&) = delete;
  data_file& operator=(const data_file&) = delete;
  ~data_file() {
    if (fd_ >= 0)
      ::close(fd_);
  }

  bool is_empty() const { return fd_ < 0 || ::lseek(fd_, 0, SEEK_END) <= 0; }
  std::vector<std::byte> read(std::uint64_t number, std::size_t offset,
                              std::size_t size) const {
    std::vector<std::byte> bytes(size);
    if (::pread(fd_, bytes.data(), size, static_cast<off_t>(offset)) !=
        static_cast<ssize_t>(size))
      throw page_damage(number, "the file is cut short before it");
    return bytes;
  }

 private:
  int fd_;
};

std::optional<database_heads> read_heads_once(const data_file& file) {
  const auto first = file.read(0, 0, database_head::page_part_size);
  if (number_at<std::uint32_t>(first, version_at) != known_version)
    return std::nullopt;
  const auto second =
      file.read(1, page_size_of(first), database_head::page_part_size);
  if (number_at<std::uint32_t>(second, version_at) != known_version)
    return std::nullopt;
  const database_heads heads(first, second);
  heads.check();
  return heads;
}

const std::byte* first_key_of_main(MDB_txn* txn) {
  MDB_dbi main = 0;
  MDB_cursor* cursor = nullptr;
  MDB_val key{};
  MDB_val value{};
  if (::mdb_dbi_open(txn, nullptr, 0, &main) != 0 ||
      ::mdb_cursor_open(txn, main, &cursor) != 0)
    return nullptr;
  ::mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
  ::mdb_cursor_close(cursor);
  return static_cast<const std::byte*>(key.mv_data);
}

// The pages of one list of free pages: their number, then they, descending.
void append_list(page_bytes list, std::uint64_t number, std::uint64_t last_page,
                 std::vector<std::uint64_t>& out) {
  const std::size_t room = list.size() / sizeof(std::uint64_t);
  const auto count = room == 0 ? UINT64_MAX : number_at<std::uint64_t>(list, 0);
  if (count >= room)
    throw page_damage(number, "a list of free pages of a wrong length");
  std::uint64_t before = last_page + 1;
  for (std::size_t i = 1; i <= count; ++i) {
    const auto page = number_at<std::uint64_t>(list, i * sizeof(std::uint64_t));
    if (page < 2 || page >= before)
      throw page_damage(number, "a list of free pages with a wrong number");
    out.push_back(before = page);
  }
}

/// All free pages, ascending.
std::vector<std::uint64_t> free_pages_of(const page_source& pages,
                                         const database_head& head) {
  std::vector<std::uint64_t> all;
  page_path path(pages, head.free_pages, key_order::numbers);
  for (bool more = path.to_first(); more; more = path.to_next_leaf())
    for (std::size_t i = 0; i < path.leaf().size(); ++i) {
      const auto value = path.leaf().value_at(i);
      const auto list =
          value.overflow_page == 0
              ? value.inside
              : pages.overflow_value(value.overflow_page, value.size);
      append_list(list, path.leaf().number(), pages.last_page(), all);
    }
  std::ranges::sort(all);
  if (const auto twice = std::ranges::adjacent_find(all); twice != all.end())
    throw page_damage(*twice, "free twice");
  return all;
}

// LMDB does not write a page that one commit both took and freed, so a sound
// file may lack pages at its end: free ones.
void check_length(const mapped_file& file, std::uint64_t last_page,
                  const std::vector<std::uint64_t>& free_pages) {
  const std::uint64_t pages = file.pages();
  if (pages > last_page)
    return;
  const auto missing = std::ranges::lower_bound(free_pages, pages);
  if (static_cast<std::uint64_t>(free_pages.end() - missing) !=
      last_page + 1 - pages)
    throw page_damage(pages, "the file is cut short before it");
}

// Every commit but the first frees pages, and lists them under its number. A
// copy that `mdb_copy -c` made has no lists until its first commit.
void check_last_commit(const page_source& pages, const database_head& head) {
  page_path path(pages, head.free_pages, key_order::numbers);
  if (!path.to_last())
    return;
  const auto last = path.leaf().key(path.leaf().size() - 1);
  if (number_at<std::uint64_t>(last, 0) != head.commit)
    throw page_damage(head.commit % 2, "not the last commit");
}

// Goes through the branches of trees, and the numbers of their leaves.
class branch_walk {
 public:
  branch_walk(const page_source& pages,
              const std::vector<std::uint64_t>& free_pages)
      : pages_(pages), free_(pages.last_page() + 1) {
    for (const auto number : free_pages)
      free_[number] = true;
  }

  void check(const tree& root, key_order order) {
    if (!root.empty())
      visit(root.root, root.depth, order);
  }

 private:
  void visit(std::uint64_t number, std::size_t levels, key_order order) {
    check_number(number);
    if (levels < 2 || checked_ == branches_checked_max)
      return;
    ++checked_;
    const page branch(pages_.at(number), number, order);
    if (branch.is_leaf())
      return; // reported by whoever reads it
    for (std::size_t i = 0; i < branch.size(); ++i)
      if (levels == 2)
        check_number(branch.child(i));
      else
        visit(branch.child(i), levels - 1, order);
  }

  void check_number(std::uint64_t number) const {
    if (number < 2 || number >= free_.size())
      throw page_damage(number, "the database has no such page");
    if (free_[number])
      throw page_damage(number, "both in use and free");
  }

  const page_source& pages_;
  std::vector<bool> free_; ///< by number
  std::size_t checked_ = 0;
};

} // namespace

std::optional<database_heads> read_heads(const std::filesystem::path& data) {
  const data_file file(data);
  if (file.is_empty())
    return std::nullopt;
  // A writer may be writing one of them right now.
  for (int tries = 1;; ++tries)
    try {
      return read_heads_once(file);
    } catch (const page_damage&) {
      if (tries == check_tries_max)
        throw;
      std::this_thread::sleep_for(between_tries);
    }
}

// LMDB does not say where its map begins. The first key of the main table lies
// in it: on the root, which is a leaf, as there are few tables.
std::unique_ptr<mapped_file> find_map(MDB_txn* txn,
                                      const std::filesystem::path& data,
                                      const database_head& head) {
  if (head.main.empty())
    return nullptr;
  const std::size_t size = head.free_pages.pad;
  const std::uint64_t root = head.main.root;
  if (root > head.last_page || head.main.depth != 1)
    throw page_damage(root, "not the main table");
  const auto bytes = data_file(data).read(root, root * size, size);
  const page main(bytes, root, key_order::bytes);
  const std::byte* key = first_key_of_main(txn);
  int fd = -1;
  if (!main.is_leaf() || key == nullptr ||
      ::mdb_env_get_fd(::mdb_txn_env(txn), &fd) != 0)
    throw page_damage(root, "not the main table");
  const auto offset = main.key(0).data() - bytes.data();
  return std::make_unique<mapped_file>(
      key - offset - static_cast<std::ptrdiff_t>(root * size), size, fd);
}

void check_database(const mapped_file& file, const database_head& head,
                    opened_for use) {
  const page_source pages(&file, head.last_page);
  check_last_commit(pages, head);
  const bool cut = file.pages() <= head.last_page;
  if (!cut && use == opened_for::reading)
    return;
  const auto free_pages = free_pages_of(pages, head);
  check_length(file, head.last_page, free_pages);
  if (use == opened_for::reading)
    return;
  branch_walk walk(pages, free_pages);
  walk.check(head.free_pages, key_order::numbers);
  const page main(pages.at(head.main.root), head.main.root, key_order::bytes);
  walk.check(head.main, key_order::bytes);
  for (std::size_t i = 0; i < main.size(); ++i)
    if (const auto table = main.value_at(i); table.is_tree)
      walk.check(tree::parse(table.inside), key_order::bytes);
}

std::uint64_t commit_seen_by(MDB_txn* txn, opened_for use) {
  return ::mdb_txn_id(txn) - (use == opened_for::writing ? 1 : 0);
}

} // namespace chancery::storage::lmdb
