// SPDX-License-Identifier: Apache-2.0
#pragma once

// A child process. The destructor kills it, and the kernel kills it when the
// thread that created it ends, even when that is killed: create it on the main
// thread. It has its own process group, so that Ctrl-C reaches it only through
// us. It reads no input and inherits none of our CHANCERY_ variables. It
// inherits the signals that our signal_watch blocks: a SIGTERM stays pending
// until the child's own signal_watch exists. One thread at a time.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace chancery::apps {

/// The running program, even if its file has been replaced since.
inline constexpr const char* this_program = "/proc/self/exe";

struct child_output {
  std::filesystem::path answers; ///< its stdout; the file is truncated
  std::filesystem::path words;   ///< its stderr; the file is appended to
};

class child_process {
 public:
  /// Throws std::system_error when it cannot fork, std::runtime_error when it
  /// cannot open a file. A program that cannot be run ends with code 127.
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

  /// Its exit code, or 128 + the number of the signal that ended it; nothing
  /// while it runs.
  std::optional<int> ended();

  /// The same, or nothing when it still runs after `limit`.
  std::optional<int> wait(std::chrono::milliseconds limit);

  /// Sends SIGKILL. The process and its locks are gone when this returns.
  void kill();

 private:
  void reap(int options);

  pid_t pid_ = -1;
  std::optional<int> code_;
};

} // namespace chancery::apps
