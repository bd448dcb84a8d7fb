// SPDX-License-Identifier: Apache-2.0
#pragma once

// Splits a JWE in the format of jwe.hpp and checks its header, before any
// cryptography. Pure functions; any thread may call them.

#include "crypto/keys/key.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::crypto {

inline constexpr std::size_t gcm_iv_size = 12;
inline constexpr std::size_t gcm_tag_size = 16;

/// Its text quotes nothing of the JWE.
class invalid_jwe : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct jwe_parts {
  std::string_view header; ///< still encoded
  sec1_point epk{};        ///< not yet checked to be on the curve
  std::string apu, apv;
  std::string iv, ciphertext, tag;
};

/// Throws invalid_jwe unless the header is as jwe.hpp says, with this `kid` and
/// `cty`, and the sizes are right. `compact` must outlive the result.
jwe_parts parse_jwe(std::string_view compact, std::string_view kid,
                    std::string_view cty);

/// The encoded header of a JWE with these values.
std::string jwe_header(const sec1_point& epk, const key_id& kid,
                       std::string_view cty);

} // namespace chancery::crypto
