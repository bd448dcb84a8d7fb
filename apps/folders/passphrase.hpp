// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds a passphrase in the first of these sources that exists: a file that the
// user names, an environment variable, the data folder's own file, a prompt.
// Never argv, which every process on the host can read.

#include "crypto/base/random.hpp"
#include "crypto/base/secret.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace chancery::apps {

struct passphrase {
  crypto::secret_string text;
  std::string source; ///< for error texts: "the passphrase from FILE"
};

struct passphrase_sources {
  std::filesystem::path file;                   ///< empty: not given
  const char* variable = "CHANCERY_PASSPHRASE"; ///< null: none
  std::filesystem::path stored{}; ///< used when it exists; empty: none
  std::string prompt{};           ///< empty: never ask
  bool ask_twice = false;
};

/// Nothing when no source has one. Throws std::runtime_error when the first
/// source that exists cannot be read or is empty.
std::optional<passphrase> find_passphrase(const passphrase_sources& sources);

/// The first line of a file. Warns when other users can read the file.
crypto::secret_string passphrase_from_file(const std::filesystem::path& path);

/// 256 random bits as text.
crypto::secret_string random_passphrase(const crypto::random_source& random);

} // namespace chancery::apps
