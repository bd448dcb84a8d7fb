// SPDX-License-Identifier: Apache-2.0
#pragma once

// status.json in the data folder: the progress of the running `sign`. Its owner
// replaces the file by rename once a second, so that readers never see a
// partial one. The file is current only when its process id also holds the
// folder's lock; otherwise a process that has ended left it behind.

#include "apps/terminal/ticker.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <sys/types.h>

namespace chancery::apps {

class status_file {
 public:
  /// `content` returns a JSON object. It is called here first, then once a
  /// second on a separate thread.
  status_file(std::filesystem::path path,
              std::function<nlohmann::ordered_json()> content);
  status_file(const status_file&) = delete;
  status_file& operator=(const status_file&) = delete;
  /// Removes the file.
  ~status_file();

 private:
  void write();

  std::filesystem::path path_;
  std::function<nlohmann::ordered_json()> content_;
  bool warned_ = false;
  std::optional<ticker> ticker_;
};

/// The status that process `owner` wrote; nothing when the file is missing,
/// malformed or another process's.
std::optional<nlohmann::ordered_json>
read_status_file(const std::filesystem::path& path, pid_t owner);

} // namespace chancery::apps
