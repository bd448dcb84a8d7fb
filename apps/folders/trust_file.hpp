// SPDX-License-Identifier: Apache-2.0
#pragma once

// A list of key ids from another source than the data folder: one RFC 7638
// thumbprint (43 characters) per line. Empty lines and text after a # are
// ignored.

#include "crypto/keys/key.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

namespace chancery::apps {

/// Throws std::runtime_error that names the file and the line.
std::vector<crypto::key_id> read_trust_file(const std::filesystem::path& path);

/// The same from text; throws std::invalid_argument.
std::vector<crypto::key_id> parse_trust(std::string_view text);

} // namespace chancery::apps
