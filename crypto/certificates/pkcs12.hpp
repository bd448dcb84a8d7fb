// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files with a private key and its certificates under a passphrase (PKCS#12,
// RFC 7292; .p12 and .pfx), as many authorities hand out. Read by libcrypto.
// Pure function; any thread.

#include "crypto/base/secret.hpp"
#include "crypto/certificates/certificate.hpp"
#include "crypto/keys/key.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

namespace chancery::crypto {

struct pkcs12_content {
  private_key key;
  std::optional<certificate> leaf; ///< the one of the key
  std::vector<certificate> others;
};

/// Throws wrong_pkcs12_passphrase, and std::invalid_argument for what is no
/// such file, has no key on P-256 or P-384, or is encrypted by an algorithm
/// that is too old (RC2, 40 bits), which the text names.
pkcs12_content read_pkcs12(std::span<const std::byte> file,
                           const secret_string& passphrase);

class wrong_pkcs12_passphrase : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

} // namespace chancery::crypto
