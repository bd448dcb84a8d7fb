// SPDX-License-Identifier: Apache-2.0
#pragma once

// A host of `simulate cluster`: a named process of this program that can be
// killed and started again. The folder of logs keeps its output: NAME.out has
// the last run's answer, NAME.err the stderr of all runs. Main thread only, as
// child_process.

#include "apps/platform/child_process.hpp"

#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::apps {

/// A host ended in an unexpected way; what() has its last lines of stderr.
class host_failed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class simulated_host {
 public:
  simulated_host(std::string name, const std::filesystem::path& logs,
                 std::filesystem::path program = this_program);

  const std::string& name() const noexcept { return name_; }
  bool up() const noexcept { return child_ != nullptr; }
  bool paused() const noexcept { return paused_; }
  /// 0 while the process is down.
  pid_t pid() const noexcept { return child_ ? child_->pid() : 0; }

  void start(const std::vector<std::string>& arguments);
  void kill();
  void pause();  ///< SIGSTOP
  void resume(); ///< SIGCONT

  /// The exit code when the process has ended on its own, returned once.
  std::optional<int> ended();

  /// Waits for the process to end. Throws host_failed when its exit code is not
  /// `code`, and std::runtime_error when `stop` is set meanwhile.
  void finish(int code, const std::atomic<bool>& stop);

  /// Sends SIGTERM, then does the same as finish.
  void end(int code, const std::atomic<bool>& stop);

  /// The word after the first `text` in the stderr of the current run, once it
  /// is written completely.
  std::optional<std::string> word_behind(std::string_view text) const;

  /// The first line of the current run's answer, once it is written; for a
  /// host that answers before it ends.
  std::optional<std::string> first_line() const;

  /// The answer of the last run. Throws host_failed when it is not JSON.
  nlohmann::ordered_json answer() const;

  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::string last_words() const;

  std::string name_;
  std::filesystem::path program_;
  child_output output_;
  std::uintmax_t born_ = 0; ///< where the current run begins in NAME.err
  bool paused_ = false;
  std::unique_ptr<child_process> child_;
};

/// Runs a command to its end and returns its JSON. Throws host_failed unless it
/// ends with 0.
nlohmann::ordered_json run_command(const std::string& name,
                                   const std::filesystem::path& logs,
                                   const std::vector<std::string>& arguments,
                                   const std::atomic<bool>& stop);

} // namespace chancery::apps
