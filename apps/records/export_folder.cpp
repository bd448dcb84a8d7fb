// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/new_file.hpp"
#include "apps/platform/new_folder.hpp"
#include "apps/records/export_files.hpp"

#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

namespace chancery::apps {

namespace fs = std::filesystem;

namespace {

/// Does not flush to disk: see flush_file_system().
void write_part(const fs::path& path, std::string_view bytes) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(path.c_str(), "wbe"), &std::fclose);
  if (!file ||
      std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size() ||
      std::fflush(file.get()) != 0)
    throw_file_error("write", path);
}

/// Once for all files and their names, which takes a fraction of the time.
void flush_file_system(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    throw_file_error("write", folder);
  const int result = ::syncfs(fd);
  ::close(fd);
  if (result != 0)
    throw_file_error("write", folder);
}

class export_folder : public file_target {
 public:
  explicit export_folder(const fs::path& folder)
      : folder_(folder),
        index_(folder / "index.tsv", 0644, new_file::existing::keep) {}

  void put(const std::string& name, std::string_view bytes,
           std::uint64_t /*time_ms*/) override {
    const auto path = folder_ / name;
    if (auto above = path.parent_path(); above != last_ && above != folder_) {
      fs::create_directory(above);
      last_ = std::move(above);
    }
    write_part(path, bytes);
  }

  void index(std::string_view line) override { index_.write(line); }

  void verified() override {}

  void finish() {
    index_.commit(false);
    flush_file_system(folder_);
  }

 private:
  fs::path folder_;
  fs::path last_; ///< folder that was made
  new_file index_;
};

} // namespace

std::uint64_t export_files(const export_job& job, file_format format,
                           const fs::path& folder) {
  new_folder out(folder);
  export_folder target(out.path());
  const auto next = put_files(job, format, target);
  target.finish();
  out.commit(0777);
  return next;
}

} // namespace chancery::apps
