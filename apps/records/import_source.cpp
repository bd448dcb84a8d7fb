// SPDX-License-Identifier: Apache-2.0
#include "apps/records/import_source.hpp"

#include "apps/platform/input_lines.hpp"
#include "apps/platform/new_file.hpp"
#include "crypto/jose/json_text.hpp"
#include "storage/record_store.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace chancery::apps {

namespace fs = std::filesystem;

namespace {

constexpr auto size_max = storage::record_store::record_size_max;

class lines_source : public import_source {
 public:
  lines_source(int fd, bool json, const std::atomic<bool>& stop)
      : fd_(fd), json_(json), lines_(fd, size_max, stop) {}
  lines_source(const lines_source&) = delete;
  lines_source& operator=(const lines_source&) = delete;
  ~lines_source() override {
    if (fd_ != STDIN_FILENO)
      ::close(fd_);
  }

  std::optional<std::string_view> next() override {
    try {
      const auto line = next_record();
      if (line && json_)
        crypto::check_json_text(*line);
      return line;
    } catch (const line_too_long& e) {
      throw bad_input(
          fmt::format("line {} {}, the limit of a record", number_, e.what()));
    } catch (const std::invalid_argument& e) {
      throw bad_input(fmt::format("line {} {}", number_, e.what()));
    }
  }

  bool skip() override {
    if (!json_)
      return lines_.skip() && ++number_ > 0;
    try {
      return next_record().has_value();
    } catch (const line_too_long&) {
      return lines_.skip();
    }
  }

  std::uint64_t blank_lines() const override { return blank_; }

 private:
  /// The next line that is a record; in JSON lines a blank one is not.
  std::optional<std::string_view> next_record() {
    for (;;) {
      ++number_;
      const auto line = lines_.next();
      if (!line || !json_ || !crypto::is_blank_json(*line))
        return line;
      ++blank_;
    }
  }

  int fd_;
  bool json_;
  input_lines lines_;
  std::uint64_t number_ = 0; ///< of the last line read, from 1
  std::uint64_t blank_ = 0;
};

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

class files_source : public import_source {
 public:
  explicit files_source(const fs::path& folder) {
    for (const auto& entry : fs::directory_iterator(folder))
      if (is_a_file(entry))
        files_.push_back(entry.path());
    std::sort(files_.begin(), files_.end(), [](const auto& a, const auto& b) {
      return a.native() < b.native();
    });
  }

  std::optional<std::string_view> next() override {
    if (at_ == files_.size())
      return std::nullopt;
    const auto& file = files_[at_++];
    if (fs::file_size(file) > size_max)
      throw bad_input(fmt::format("{} is longer than {} bytes, the limit of a "
                                  "record",
                                  file.string(), size_max));
    try {
      record_ = read_file(file, size_max);
    } catch (const std::exception& e) {
      throw bad_input(e.what());
    }
    return record_;
  }

  bool skip() override {
    if (at_ == files_.size())
      return false;
    ++at_;
    return true;
  }

 private:
  std::vector<fs::path> files_;
  std::size_t at_ = 0;
  crypto::secret_string record_;
};

} // namespace

std::unique_ptr<import_source>
open_import_source(const fs::path& input, import_format format,
                   const std::atomic<bool>& stop) {
  std::error_code ignored;
  const bool folder = fs::is_directory(input, ignored);
  if (format == import_format::files) {
    if (!folder)
      throw std::runtime_error(
          fmt::format("{} is not a folder: --format files imports the files "
                      "of a folder",
                      input.string()));
    return std::make_unique<files_source>(input);
  }
  if (folder)
    throw std::runtime_error(
        fmt::format("{} is a folder: add --format files to import its files",
                    input.string()));
  const int fd =
      input == "-" ? STDIN_FILENO : ::open(input.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    throw_file_error("read", input);
  return std::make_unique<lines_source>(fd, format == import_format::jsonl,
                                        stop);
}

} // namespace chancery::apps
