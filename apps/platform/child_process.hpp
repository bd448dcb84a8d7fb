// SPDX-License-Identifier: Apache-2.0
#pragma once

// Another process, that ends with this object and, by the
// kernel's hand, with the thread that made it, even when that is killed: make
// it on the main thread. It stands in a process group of its own, so that
// Ctrl-C reaches it through us alone, reads nothing, and inherits none of our
// CHANCERY_ variables. What our signal_watch blocks is blocked there, too, so a
// SIGTERM that comes before its own is there waits for that. One thread at a
// time.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace chancery::apps {

/// This one, also when its file was replaced meanwhile.
inline constexpr const char* this_program = "/proc/self/exe";

struct child_output {
  std::filesystem::path answers; ///< its stdout; what was there goes
  std::filesystem::path words;   ///< its stderr, behind what was there
};

class child_process {
 public:
  /// Throws std::system_error when no process can be made; one that cannot be
  /// run ends with 127.
  child_process(const std::filesystem::path& program,
                const std::vector<std::string>& arguments,
                const child_output& output);
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  /// Kills it.
  ~child_process();

  pid_t pid() const noexcept { return pid_; }

  /// No-op once it has ended.
  void signal(int number);

  /// Its exit code, or 128 and the number of the signal that ended it; nothing
  /// while it runs.
  std::optional<int> ended();

  /// The same, or nothing when it still runs after so long.
  std::optional<int> wait(std::chrono::milliseconds limit);

  /// kill -9; it is gone, with its locks, when this returns.
  void kill();

 private:
  void reap(int options);

  pid_t pid_ = -1;
  std::optional<int> code_;
};

} // namespace chancery::apps
