// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/seal_digest.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/keys/openssl_keys.hpp"

#include <openssl/evp.h>

#include <array>
#include <utility>

namespace chancery::crypto {

std::optional<std::string> seal_digest(std::string_view name,
                                       std::span<const std::byte> data) {
  constexpr std::array known{std::pair("S256", "SHA256"),
                             std::pair("S384", "SHA384"),
                             std::pair("S512", "SHA512")};
  for (const auto& [identifier, algorithm] : known) {
    if (name != identifier)
      continue;
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    std::size_t size = 0;
    if (EVP_Q_digest(nullptr, algorithm, nullptr, octets(data), data.size(),
                     reinterpret_cast<unsigned char*>(digest.data()),
                     &size) != 1)
      throw_openssl_error("libcrypto cannot hash");
    digest.resize(size);
    return digest;
  }
  return std::nullopt;
}

} // namespace chancery::crypto
