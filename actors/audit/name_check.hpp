// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks the names of records: the two tables lead to each other, and what they
// hold are names. A name that was taken from a member of its record can be held
// against it, and so against the record's signature. One thread, in bounded
// memory.

#include "storage/record_store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace chancery::actors {

/// Calls `broken` with a sentence for each violation. With `member`, each named
/// record must be a JSON object whose member of that name is the record's.
/// Returns the number of names.
std::uint64_t
check_names(const storage::snapshot& view,
            const std::optional<std::string>& member,
            const std::function<void(const std::string&)>& broken);

} // namespace chancery::actors
