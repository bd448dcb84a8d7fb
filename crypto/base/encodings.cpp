// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/encodings.hpp"

#include <botan/base64.h>
#include <botan/exceptn.h>
#include <botan/hex.h>

#include <stdexcept>

namespace chancery::crypto {

std::vector<std::uint8_t> from_hex(std::string_view text) {
  try {
    return Botan::hex_decode(text.data(), text.size(), false);
  } catch (const Botan::Exception&) {
    throw std::invalid_argument("is not hexadecimal");
  }
}

std::vector<std::uint8_t> from_base64(std::string_view text) {
  try {
    return Botan::unlock(Botan::base64_decode(text.data(), text.size(), true));
  } catch (const Botan::Exception&) {
    throw std::invalid_argument("is not base64");
  }
}

} // namespace chancery::crypto
