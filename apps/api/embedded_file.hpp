// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files of the source tree that are part of the program, compressed. The build
// makes the definition (apps/cmake/EmbeddedFiles.cmake). Any thread.

#include <span>
#include <string_view>

namespace chancery::apps {

struct embedded_file {
  std::string_view name; ///< "openapi.json", "docs/plain.js"
  std::string_view gzip; ///< its contents, compressed (RFC 1952)
};

std::span<const embedded_file> embedded_files() noexcept;

} // namespace chancery::apps
