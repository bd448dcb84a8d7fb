// SPDX-License-Identifier: Apache-2.0
#pragma once

// The hosts that a listener lets in no more, although their certificates are
// valid: one name or one serial per line, as `chancery cluster show` prints
// them; text after a # is ignored. A name denies every certificate of that
// name, a serial one certificate. Serials may be in either case, with or
// without colons.

#include "crypto/certificates/host_certificate.hpp"

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace chancery::apps {

class deny_list {
 public:
  deny_list() = default;

  /// Throws std::invalid_argument that names the line.
  explicit deny_list(std::string_view text);

  /// Why this host is denied, as a sentence for both sides; nothing if it is
  /// not.
  std::optional<std::string> why(const crypto::host_identity& host) const;

  std::size_t size() const noexcept { return size_; }

 private:
  // A line that can be both is in both.
  std::set<std::string, std::less<>> names_;
  std::set<std::string, std::less<>> serials_;
  std::size_t size_ = 0;
};

/// The list in a file, which is read again when the file changes. A file that
/// cannot be used then leaves the list as it is, with a note. Any thread.
class deny_file {
 public:
  using note = std::function<void(const std::string&)>;

  /// Throws std::runtime_error that names the file and what is wrong with it.
  deny_file(std::filesystem::path path, note tell);

  /// As deny_list::why. Looks whether the file has changed.
  std::optional<std::string> why(const crypto::host_identity& host);

 private:
  void look();

  std::filesystem::path path_;
  note tell_;
  std::mutex mutex_; // guards the members below
  std::string seen_; ///< times, size and inode of the file
  deny_list list_;
};

/// For a listener's `denied`. Empty without a file. Throws as deny_file does.
std::function<std::optional<std::string>(const crypto::host_identity&)>
denied_by(const std::filesystem::path& path, const deny_file::note& tell);

} // namespace chancery::apps
