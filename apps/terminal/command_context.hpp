// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every command receives: the options that all of them share, and the
// exception for wrong usage.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>

namespace chancery::apps {

/// LMDB needs some pages before the first record.
inline constexpr std::uint64_t map_size_min = 64 * 1024;

struct command_context;

/// Runs on the main thread, once the whole command line has been read. Returns
/// an exit code or throws.
using command_action = std::function<int(const command_context&)>;

/// The options of every command, and the action to run.
struct command_context {
  std::filesystem::path data = "chancery-data";
  bool json = false;
  std::filesystem::path passphrase_file; ///< empty when not given
  std::optional<std::uint64_t> map_size;
  command_action action;
};

/// Wrong usage that is found only while the command runs.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A fault that the answer in JSON also names by a word, in its member `ended`.
class ended_by : public std::runtime_error {
 public:
  ended_by(std::string word, const std::string& what)
      : std::runtime_error(what), word_(std::move(word)) {}
  const std::string& word() const noexcept { return word_; }

 private:
  std::string word_;
};

} // namespace chancery::apps
