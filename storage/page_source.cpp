// SPDX-License-Identifier: Apache-2.0
#include "storage/page_source.hpp"

#include <sys/stat.h>

namespace chancery::storage::lmdb {

namespace {

constexpr std::uint16_t overflow_page = 4;
constexpr std::uint64_t meta_pages = 2;

} // namespace

std::uint64_t mapped_file::pages() const {
  struct stat status {};
  if (::fstat(fd_, &status) == 0)
    pages_ = static_cast<std::uint64_t>(status.st_size) / page_size_;
  return pages_;
}

page_bytes page_source::at(std::uint64_t first, std::uint64_t count) const {
  if (first < meta_pages || first > last_page_ ||
      count > last_page_ - first + 1)
    throw page_damage(first, "the database has no such page");
  if (!file_->has(first + count) && first + count > file_->pages())
    throw page_damage(first, "the file is cut short before it");
  return file_->at(first, count);
}

page_bytes page_source::overflow_value(std::uint64_t first,
                                       std::uint64_t size) const {
  const auto header = at(first);
  const std::uint64_t pages =
      (page_header_size + size + header.size() - 1) / header.size();
  if (number_at<std::uint64_t>(header, 0) != first ||
      number_at<std::uint16_t>(header, 10) != overflow_page ||
      number_at<std::uint32_t>(header, 12) < pages)
    throw page_damage(first, "not the overflow page of a value");
  return at(first, number_at<std::uint32_t>(header, 12))
      .subspan(page_header_size, size);
}

} // namespace chancery::storage::lmdb
