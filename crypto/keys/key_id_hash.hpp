// SPDX-License-Identifier: Apache-2.0
#pragma once

// A key id as the key of a hash table. The id is a SHA-256 already, so its
// first bytes are spread evenly and nobody can choose many that collide
// without making that many keys.

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
