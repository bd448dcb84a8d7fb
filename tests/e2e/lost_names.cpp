// SPDX-License-Identifier: Apache-2.0
//
// A library to be preloaded: at the end of the process it writes to
// CHANCERY_LOST the names below CHANCERY_WATCHED that a power cut could take
// back, one a line: made, replaced or removed since their folder was last
// flushed with fsync(2) or syncfs(2), or since the start. LMDB's files are
// flushed by their descriptor; their names are made once.

#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using names = std::map<std::string, ino_t>;

ino_t inode_of(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

names names_in(const fs::path& folder) {
  names found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    found[entry.path().filename()] = inode_of(entry.path());
  return found;
}

class watch {
 public:
  watch() {
    const char* folder = std::getenv("CHANCERY_WATCHED");
    if (folder == nullptr)
      return;
    root_ = fs::canonical(folder);
    flushed_all();
  }

  ~watch() {
    if (root_.empty())
      return;
    std::ofstream out(std::getenv("CHANCERY_LOST"), std::ios::app);
    compare(root_, out);
    for (const auto& entry : fs::recursive_directory_iterator(root_))
      if (entry.is_directory())
        compare(entry.path(), out);
  }

  void flushed_all() {
    if (root_.empty())
      return;
    see(root_);
    for (const auto& entry : fs::recursive_directory_iterator(root_))
      if (entry.is_directory())
        see(entry.path());
  }

  void flushed(int descriptor) {
    std::error_code error;
    const auto path =
        fs::read_symlink("/proc/self/fd/" + std::to_string(descriptor), error);
    if (!root_.empty() && fs::is_directory(path, error))
      see(path);
  }

 private:
  void see(const fs::path& folder) {
    const std::lock_guard lock(mutex_);
    on_disk_[inode_of(folder)] = names_in(folder);
  }

  void compare(const fs::path& folder, std::ofstream& out) {
    const std::lock_guard lock(mutex_);
    const auto now = names_in(folder);
    const auto& before = on_disk_[inode_of(folder)];
    for (const auto& [name, inode] : now)
      if (const auto at = before.find(name);
          at == before.end() || at->second != inode)
        out << (folder / name).string() << '\n';
    for (const auto& [name, inode] : before)
      if (!now.contains(name))
        out << "the removal of " << (folder / name).string() << '\n';
  }

  fs::path root_;
  std::map<ino_t, names> on_disk_; // a folder may get another name
  std::mutex mutex_;
};

watch& the_watch() {
  static watch one;
  return one;
}

[[maybe_unused]] const watch& from_the_start = the_watch();

} // namespace

extern "C" int fsync(int descriptor) {
  static const auto real =
      reinterpret_cast<decltype(&fsync)>(::dlsym(RTLD_NEXT, "fsync"));
  const int result = real(descriptor);
  if (result == 0)
    the_watch().flushed(descriptor);
  return result;
}

extern "C" int syncfs(int descriptor) {
  static const auto real =
      reinterpret_cast<decltype(&syncfs)>(::dlsym(RTLD_NEXT, "syncfs"));
  const int result = real(descriptor);
  if (result == 0)
    the_watch().flushed_all();
  return result;
}
