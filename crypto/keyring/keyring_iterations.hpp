// SPDX-License-Identifier: Apache-2.0
#pragma once

// How often the passphrase of a new keyring or bundle is hashed. A build with
// the address sanitizer is for tests, which open thousands of keyrings, and
// takes the fewest rounds that readers accept.

#include "crypto/jose/password_jwe.hpp"

namespace chancery::crypto {

#ifdef __SANITIZE_ADDRESS__
inline constexpr auto keyring_iterations = password_iterations_min;
#else
inline constexpr auto keyring_iterations = password_iterations;
#endif

} // namespace chancery::crypto
