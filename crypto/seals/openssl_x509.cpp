// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/openssl_x509.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/keys/openssl_keys.hpp"

#include <openssl/x509.h>

namespace chancery::crypto {

void x509_free::operator()(x509_st* p) const noexcept { X509_free(p); }

x509_ptr to_x509(const certificate& c) {
  const auto* at = octets(c.der());
  x509_ptr read(d2i_X509(nullptr, &at, static_cast<long>(c.der().size())));
  if (!read)
    throw_openssl_error("libcrypto cannot read a certificate");
  return read;
}

} // namespace chancery::crypto
