// SPDX-License-Identifier: Apache-2.0
#pragma once

// RFC 6979 3.2 step by step with Botan's HMAC, as a second opinion.

#include "crypto/keys/key.hpp"
#include "crypto/p256/words.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace chancery::crypto::p256::test {

/// The nonce after `passed_over` others. `additional` is k' of section 3.6.
words reference_nonce(const private_key& key, std::span<const std::byte> digest,
                      std::span<const std::byte> additional, int passed_over);

/// The call's 16 bytes as the kernels read them, and the digest's place.
std::vector<std::byte> additional_data(std::span<const std::byte> random,
                                       std::uint32_t place);

} // namespace chancery::crypto::p256::test
