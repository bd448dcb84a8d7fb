// SPDX-License-Identifier: Apache-2.0
#include "apps/records/files_source.hpp"

#include "apps/platform/new_file.hpp"
#include "storage/record_store.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>

namespace chancery::apps {

namespace fs = std::filesystem;

namespace {

constexpr auto size_max = storage::record_store::record_size_max;

/// Whether the entry is a regular file, or a link to one. A link that leads
/// nowhere is not, for example in a circle.
bool is_a_file(const fs::directory_entry& entry) {
  std::error_code error;
  const bool regular = entry.is_regular_file(error);
  if (!error || error == std::errc::no_such_file_or_directory ||
      error == std::errc::not_a_directory ||
      error == std::errc::too_many_symbolic_link_levels ||
      error == std::errc::filename_too_long)
    return regular;
  errno = error.value();
  throw_file_error("read", entry.path());
}

} // namespace

files_source::files_source(const fs::path& folder) : folder_(folder) {
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error);
  for (; !error && at != fs::recursive_directory_iterator();
       at.increment(error))
    if (is_a_file(*at))
      names_.push_back(at->path().lexically_relative(folder).native());
  if (error) {
    errno = error.value();
    throw_file_error("read a folder in", folder);
  }
  std::ranges::sort(names_);
}

std::optional<import_item> files_source::next() {
  if (at_ == names_.size())
    return std::nullopt;
  const auto& name = names_[at_++];
  const auto file = folder_ / name;
  require_name(name, place());
  if (fs::file_size(file) > size_max)
    throw bad_input(fmt::format("{} is longer than {} bytes, the limit of a "
                                "record",
                                file.string(), size_max));
  try {
    record_ = read_file(file, size_max);
  } catch (const std::exception& e) {
    throw bad_input(e.what());
  }
  return import_item{record_, name};
}

bool files_source::skip() {
  if (at_ == names_.size())
    return false;
  ++at_;
  return true;
}

std::string files_source::place() const {
  return (folder_ / names_[at_ - 1]).string();
}

} // namespace chancery::apps
