// SPDX-License-Identifier: Apache-2.0
#pragma once

// status.json in the data folder: how far the sign that runs there is. Its
// owner replaces the file by rename once a second, so that a reader sees a
// whole one. Only a file whose process id also holds the folder's lock is
// current; all others were left behind by a process that is gone.

#include "apps/terminal/ticker.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <sys/types.h>

namespace chancery::apps {

class status_file {
 public:
  /// `content` is called on a thread of its own and answers a JSON object.
  status_file(std::filesystem::path path,
              std::function<nlohmann::ordered_json()> content);
  status_file(const status_file&) = delete;
  status_file& operator=(const status_file&) = delete;
  /// Takes the file away.
  ~status_file();

 private:
  void write();

  std::filesystem::path path_;
  std::function<nlohmann::ordered_json()> content_;
  bool warned_ = false;
  std::optional<ticker> ticker_;
};

/// What process `owner` says of its run; nothing when the file is not its own.
std::optional<nlohmann::ordered_json>
read_status_file(const std::filesystem::path& path, pid_t owner);

} // namespace chancery::apps
