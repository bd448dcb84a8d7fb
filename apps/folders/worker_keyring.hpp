// SPDX-License-Identifier: Apache-2.0
#pragma once

// Opens a bundle from `chancery keys bundle` for `chancery worker`. The
// passphrase comes from --passphrase-file, CHANCERY_PASSPHRASE, the file beside
// the bundle or a prompt. Call it on the main thread, as it may prompt.

#include "crypto/keyring/keyring_bundle.hpp"

#include <filesystem>

namespace chancery::apps {

/// Where a bundle's own passphrase lies, mode 0600: FILE.passphrase.
std::filesystem::path
bundle_passphrase_path(const std::filesystem::path& bundle);

/// Throws crypto::wrong_passphrase, or std::runtime_error that says what is
/// wrong with the file and what to do; warns when other users can read the
/// file.
crypto::opened_bundle
open_worker_keyring(const std::filesystem::path& file,
                    const std::filesystem::path& passphrase_file);

} // namespace chancery::apps
