// SPDX-License-Identifier: Apache-2.0
#pragma once

// RFC 6979 3.2 step by step with Botan's HMAC, as an independent reference.

#include "crypto/keys/key.hpp"
#include "crypto/p256/words.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace chancery::crypto::p256::test {

/// The nonce after `passed_over` rejected ones. `additional` is k' of section
/// 3.6.
words reference_nonce(const private_key& key, std::span<const std::byte> digest,
                      std::span<const std::byte> additional, int passed_over);

/// The call's 16 random bytes in the order of the kernels, and the digest's
/// place in the call.
std::vector<std::byte> additional_data(std::span<const std::byte> random,
                                       std::uint32_t place);

} // namespace chancery::crypto::p256::test
