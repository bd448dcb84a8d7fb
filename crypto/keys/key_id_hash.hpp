// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hashes a key id for hash tables. The id is a SHA-256 already, so its first
// bytes are evenly distributed, and an attacker has to generate a key for each
// colliding id.

#include "crypto/keys/key.hpp"

#include <cstddef>
#include <cstring>

namespace chancery::crypto {

struct key_id_hash {
  std::size_t operator()(const key_id& id) const noexcept {
    std::size_t h;
    std::memcpy(&h, id.data(), sizeof h);
    return h;
  }
};

} // namespace chancery::crypto
