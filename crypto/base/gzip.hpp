// SPDX-License-Identifier: Apache-2.0
#pragma once

// gzip (RFC 1952), for files that the program carries compressed. Here because
// Botan has it. Pure functions; any thread.

#include <string>
#include <string_view>

namespace chancery::crypto {

/// The contents of one gzip member. Throws std::invalid_argument for anything
/// else. Sets no limit on their size: only for input of our own.
std::string gunzip(std::string_view packed);

} // namespace chancery::crypto
