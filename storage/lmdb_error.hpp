// SPDX-License-Identifier: Apache-2.0
#pragma once

// Turns an LMDB code or an errno into an exception of errors.hpp, whose text is
// one line that names the path and says what to do.

#include "storage/page.hpp"

#include <filesystem>
#include <string_view>

namespace chancery::storage::lmdb {

/// Throws full, corrupt or storage_error. `doing` is a verb: "open", "commit".
[[noreturn]] void fail(int code, const std::filesystem::path& folder,
                       const char* doing);

/// Throws corrupt. `table` may be empty.
[[noreturn]] void fail(const page_damage& damage,
                       const std::filesystem::path& folder,
                       std::string_view table);

} // namespace chancery::storage::lmdb
