// SPDX-License-Identifier: Apache-2.0
#pragma once

// A host of `simulate cluster`: a process of this program under a name, that
// can be killed and started again. What it says is kept in the folder of logs,
// NAME.out for its last answer and NAME.err for all its words. Main thread
// only, as child_process.

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

/// A host ended otherwise than it should; with the last lines that it said.
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
  /// 0 while it is down.
  pid_t pid() const noexcept { return child_ ? child_->pid() : 0; }

  void start(const std::vector<std::string>& arguments);
  void kill();
  void pause();  ///< SIGSTOP
  void resume(); ///< SIGCONT

  /// When it ended by itself: its exit code, once; it is down then.
  std::optional<int> ended();

  /// Waits for its end. Throws host_failed when that is not with `code`, and
  /// std::runtime_error when `stop` is set meanwhile.
  void finish(int code, const std::atomic<bool>& stop);

  /// SIGTERM, and the same.
  void end(int code, const std::atomic<bool>& stop);

  /// The word behind `text` in what it said in this life, if it did.
  std::optional<std::string> word_behind(std::string_view text) const;

  /// Its answer, one line of JSON. Throws host_failed when it is none.
  nlohmann::ordered_json answer() const;

  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::string last_words() const;

  std::string name_;
  std::filesystem::path program_;
  child_output output_;
  std::uintmax_t born_ = 0; ///< where this life's words begin
  bool paused_ = false;
  std::unique_ptr<child_process> child_;
};

/// Runs a command to its end, which is to be 0, and answers its JSON.
nlohmann::ordered_json run_command(const std::string& name,
                                   const std::filesystem::path& logs,
                                   const std::vector<std::string>& arguments,
                                   const std::atomic<bool>& stop);

} // namespace chancery::apps
