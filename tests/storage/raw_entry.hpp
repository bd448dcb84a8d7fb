// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writes entries without the store's code. The store must not be open.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::tests {

/// Without a value, it deletes the entry.
void put_raw(const std::filesystem::path& folder, const char* table,
             std::string_view name, std::optional<std::string_view> value);

void drop_table(const std::filesystem::path& folder, const char* table);

/// Big endian, as keys and values are.
std::string number(std::uint32_t value);
std::string number_64(std::uint64_t value);

} // namespace chancery::tests
