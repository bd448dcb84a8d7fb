// SPDX-License-Identifier: Apache-2.0
#pragma once

// A JWE as jwe.hpp draws it, taken apart and its header checked, before any
// arithmetic. Pure functions; any thread may call them.

#include "crypto/keys/key.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::crypto {

inline constexpr std::size_t gcm_iv_size = 12;
inline constexpr std::size_t gcm_tag_size = 16;

/// SEC 1 2.3.3 without compression: 0x04, x, y.
using sec1_point = std::array<std::byte, 65>;

/// The sentence quotes nothing of the text.
class invalid_jwe : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct jwe_parts {
  std::string_view header; ///< as it stands in the text
  sec1_point epk{};        ///< not yet known to lie on the curve
  std::string apu, apv;
  std::string iv, ciphertext, tag;
};

/// Throws invalid_jwe unless the header has what it must and
/// the sizes are right. `compact` must outlive the result.
jwe_parts parse_jwe(std::string_view compact, std::string_view kid,
                    std::string_view cty);

/// The first part of a JWE with these values, encoded.
std::string jwe_header(const sec1_point& epk, const key_id& kid,
                       std::string_view cty);

} // namespace chancery::crypto
