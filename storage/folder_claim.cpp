// SPDX-License-Identifier: Apache-2.0
#include "storage/folder_claim.hpp"

#include "storage/errors.hpp"
#include "storage/lmdb_error.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <mutex>
#include <set>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

namespace chancery::storage {

namespace {

// The process is part of the key because a forked child inherits the registry
// but none of the locks: its parent's claims do not apply to it.
using identity = std::tuple<dev_t, ino_t, pid_t>;

struct registry {
  std::mutex mutex;
  std::set<identity> claimed;
};

registry& the_registry() {
  static registry r;
  return r;
}

} // namespace

folder_claim::folder_claim(const std::filesystem::path& folder)
    : process_(::getpid()) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0)
    lmdb::fail(errno, folder, "open");
  device_ = status.st_dev;
  inode_ = status.st_ino;
  registry& r = the_registry();
  const std::lock_guard guard(r.mutex);
  if (!r.claimed.emplace(device_, inode_, process_).second)
    throw storage_error(fmt::format(
        "{} is open in this process already: use the store that is open",
        folder.string()));
}

folder_claim::~folder_claim() {
  registry& r = the_registry();
  const std::lock_guard guard(r.mutex);
  r.claimed.erase({device_, inode_, process_});
}

} // namespace chancery::storage
