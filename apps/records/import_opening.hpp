// SPDX-License-Identifier: Apache-2.0
#pragma once

// Opens what `records import` reads. One thread.

#include "apps/records/import_source.hpp"

#include <atomic>
#include <filesystem>
#include <memory>

namespace chancery::apps {

/// `input` may be "-" for stdin, except for files. Throws std::runtime_error
/// when it cannot be opened, is of the wrong kind, or has no header with these
/// columns.
std::unique_ptr<import_source>
open_import_source(const std::filesystem::path& input, const import_form& form,
                   const std::atomic<bool>& stop);

} // namespace chancery::apps
